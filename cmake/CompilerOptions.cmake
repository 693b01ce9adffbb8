# Options that every target of the project is built with.
add_library(project_options INTERFACE)
# Names of several sources meet where they are compiled as one (JOIN_SOURCES), and shadow nothing.
set(unless_joined "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:")
target_compile_options(project_options INTERFACE
    -Wall -Wextra -Wpedantic ${unless_joined}-Wshadow> -Wconversion -Wnon-virtual-dtor
    -Woverloaded-virtual -Wold-style-cast $<$<BOOL:${WARNINGS_AS_ERRORS}>:-Werror>)
target_compile_definitions(project_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY
    QT_NO_URL_CAST_FROM_STRING QT_NO_FOREACH QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    QT_USE_QSTRINGBUILDER QT_STRICT_ITERATORS QT_DISABLE_DEPRECATED_BEFORE=0x060400)
if(FUZZ)
    # The libraries report their coverage to libFuzzer, whose main() the fuzz targets alone link.
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "The fuzz targets need clang++")
    endif()
    set(SANITIZE address,undefined)
    target_compile_options(project_options INTERFACE
        -fsanitize=fuzzer-no-link -fno-sanitize-recover=all -O1)
endif()
# Two hundred test programs with all their symbols: gold links them in half the time of GNU ld.
find_program(GOLD ld.gold)
if(GOLD AND CMAKE_BUILD_TYPE STREQUAL "Debug" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_link_options(project_options INTERFACE -fuse-ld=gold)
endif()
if(SANITIZE)
    target_compile_options(project_options INTERFACE -fsanitize=${SANITIZE} -fno-omit-frame-pointer)
    target_link_options(project_options INTERFACE -fsanitize=${SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT WIN32)
    target_compile_definitions(project_options INTERFACE _FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
    target_compile_options(project_options INTERFACE -fstack-protector-strong)
endif()

# Releases are optimised across their sources: a request passes through a hundred small functions of
# many layers, and costs the less the fewer of them are called. Tests would be linked for minutes each,
# so a release with tests (BUILD_TESTING) does without.
set(OPTIMIZE_ACROSS_SOURCES OFF)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT BUILD_TESTING)
    include(CheckIPOSupported)
    check_ipo_supported(RESULT OPTIMIZE_ACROSS_SOURCES OUTPUT ignored LANGUAGES CXX)
endif()
if(OPTIMIZE_ACROSS_SOURCES AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Of a size that QHash computes; GCC takes the impossible case for a possible one.
    target_link_options(project_options INTERFACE -Wno-alloc-size-larger-than)
endif()
# A release may also be laid out by what requests were seen to run (packaging/build-tuned.sh): first
# built to count (generate), then, in the same build directory, by those counts (use).
set(PROFILE "" CACHE STRING "Optimise by profile: generate, use, or empty for neither (GCC)")
set(PROFILE_DIRECTORY ${CMAKE_BINARY_DIR}/profile CACHE PATH "Where the counts lie")
if(PROFILE AND NOT (PROFILE MATCHES "^(generate|use)$" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU"))
    message(FATAL_ERROR "PROFILE is generate or use, and needs GCC")
endif()
function(optimize_by_profile target)
    if(PROFILE STREQUAL "generate")
        # Atomic, since several threads count; a lost count would look like a contradiction.
        target_compile_options(${target} PRIVATE
            -fprofile-generate=${PROFILE_DIRECTORY} -fprofile-update=atomic)
        target_link_options(${target} INTERFACE -fprofile-generate=${PROFILE_DIRECTORY})
        get_target_property(type ${target} TYPE)
        if(type STREQUAL "EXECUTABLE")
            target_link_options(${target} PRIVATE -fprofile-generate=${PROFILE_DIRECTORY})
        endif()
    elseif(PROFILE STREQUAL "use")
        # What was changed or never run since has no counts, and is compiled as ever.
        target_compile_options(${target} PRIVATE
            -fprofile-use=${PROFILE_DIRECTORY} -fprofile-correction -fprofile-partial-training
            -Wno-missing-profile -Wno-coverage-mismatch)
    endif()
endfunction()

# Nothing to gain in what waits for people: the libraries of ui are compiled as they are.
function(optimize_across_sources target)
    set_target_properties(${target} PROPERTIES
        INTERPROCEDURAL_OPTIMIZATION ${OPTIMIZE_ACROSS_SOURCES})
    optimize_by_profile(${target})
endfunction()

# Every library and program compiles against one precompiled header, which is built once.
option(PRECOMPILE_HEADERS "Precompile the headers that nearly every source includes" ON)
if(PRECOMPILE_HEADERS)
    file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp.in "")
    configure_file(${CMAKE_BINARY_DIR}/precompiled.cpp.in ${CMAKE_BINARY_DIR}/precompiled.cpp COPYONLY)
    add_library(precompiled STATIC ${CMAKE_BINARY_DIR}/precompiled.cpp)
    target_link_libraries(precompiled PRIVATE Qt6::Core project_options)
    target_precompile_headers(precompiled PRIVATE
        <QByteArray> <QByteArrayView> <QHash> <QList> <QObject> <QString> <QStringList>
        <QDateTime> <QLoggingCategory>
        <algorithm> <array> <chrono> <functional> <memory> <optional> <span> <string>
        <string_view> <unordered_map> <utility> <variant> <vector> <tl/expected.hpp>)
    set_target_properties(precompiled PROPERTIES AUTOMOC OFF POSITION_INDEPENDENT_CODE ON)
endif()

function(use_precompiled_headers target)
    if(PRECOMPILE_HEADERS)
        target_precompile_headers(${target} REUSE_FROM precompiled)
    endif()
endfunction()

# The window's libraries have a precompiled header of their own.
if(PRECOMPILE_HEADERS AND GATEHOUSE_WINDOW)
    configure_file(${CMAKE_BINARY_DIR}/precompiled.cpp.in ${CMAKE_BINARY_DIR}/precompiledwidgets.cpp
        COPYONLY)
    add_library(precompiled_widgets STATIC ${CMAKE_BINARY_DIR}/precompiledwidgets.cpp)
    target_link_libraries(precompiled_widgets PRIVATE Qt6::Widgets Qt6::Network Qt6::Sql
        project_options)
    target_compile_definitions(precompiled_widgets PRIVATE QT_NO_DEBUG)
    target_precompile_headers(precompiled_widgets PRIVATE
        <QtWidgets> <QFuture> <QPromise> <QThreadPool> <QHostAddress>
        <algorithm> <array> <chrono> <functional> <memory> <optional> <span> <string>
        <string_view> <unordered_map> <utility> <variant> <vector> <tl/expected.hpp>)
    set_target_properties(precompiled_widgets PROPERTIES AUTOMOC OFF POSITION_INDEPENDENT_CODE ON)
endif()

# Windows are closed while answers are on their way. Qt 6.4 drops a continuation whose context is gone,
# as it promises, but asserts first that it is there; QT_NO_DEBUG takes that assertion away.
function(use_precompiled_widget_headers target)
    target_compile_definitions(${target} PRIVATE QT_NO_DEBUG)
    if(PRECOMPILE_HEADERS)
        # A precompiled header is taken only where the same modules are defined.
        target_link_libraries(${target} PRIVATE Qt6::Network Qt6::Sql)
        target_precompile_headers(${target} REUSE_FROM precompiled_widgets)
    endif()
endfunction()

# Compiled from scratch, most of the time goes into the same headers and templates again and again:
# several sources of a library are read as one then. After an edit more is compiled than was changed, so
# the preset for developing does without. Names of anonymous namespaces meet in such a group; what
# clashes is to be renamed.
option(JOIN_SOURCES "Compile several sources of a library as one" OFF)
if(JOIN_SOURCES AND NOT MSVC)
    # Nobody steps through such a build; a report names the lines all the same.
    target_compile_options(project_options INTERFACE $<$<CONFIG:Debug>:-g1>)
endif()

# Which sources meet depends on their names, so that a new one regroups the others only where it makes
# the groups too large.
function(join_sources target)
    if(NOT JOIN_SOURCES)
        return()
    endif()
    get_target_property(sources ${target} SOURCES)
    list(FILTER sources INCLUDE REGEX "\\.cpp$")
    list(LENGTH sources count)
    set(groups 1)
    while(count GREATER 10)
        math(EXPR groups "2 * ${groups}")
        math(EXPR count "(${count} + 1) / 2")
    endwhile()
    foreach(source IN LISTS sources)
        string(MD5 hash ${source})
        string(SUBSTRING ${hash} 0 6 hash)
        math(EXPR group "0x${hash} % ${groups}")
        set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    # A class of a source of its own may have members of its anonymous namespace.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
endfunction()
