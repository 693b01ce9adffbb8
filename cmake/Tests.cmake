# add_gatehouse_test(<folder>/<class> LABEL <unit|scenario|keychain|…> LIBS <libraries>
#                    [SOURCES <more files>] [TIMEOUT <seconds>])
#
# Declares the Qt Test program tst_<class> from tests/<folder>/tst_<class>.cpp.
function(add_gatehouse_test path)
    cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "LIBS;SOURCES" ${ARGN})
    get_filename_component(folder ${path} DIRECTORY)
    get_filename_component(class ${path} NAME)
    set(target tst_${folder}_${class})
    add_executable(${target} ${CMAKE_SOURCE_DIR}/tests/${folder}/tst_${class}.cpp ${ARG_SOURCES})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(${target} PRIVATE ${ARG_LIBS} Qt6::Test project_options)
    # The class of the test lies in the one source; what else has Q_OBJECT belongs into a library, and a
    # slot behind the #ifdef of a compiler or a system would not be found. CMake's own way would scan
    # each of two hundred programs anew, and compile a source for each that is empty.
    set_target_properties(${target} PROPERTIES AUTOMOC OFF AUTORCC OFF)
    set(moc ${CMAKE_CURRENT_BINARY_DIR}/moc/${target}/tst_${class}.moc)
    qt_generate_moc(${CMAKE_SOURCE_DIR}/tests/${folder}/tst_${class}.cpp ${moc} TARGET ${target})
    target_sources(${target} PRIVATE ${moc})
    target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/moc/${target})
    if(folder STREQUAL "ui")
        use_precompiled_test_headers(${target} precompiled_widget_tests)
    else()
        use_precompiled_test_headers(${target} precompiled_tests)
    endif()
    if(NOT ARG_LABEL)
        set(ARG_LABEL unit)
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_test(NAME ${folder}.${class} COMMAND ${target})
    set_tests_properties(${folder}.${class} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_FORCE_STDERR_LOGGING=1")
endfunction()

# Most of the time of compiling a test goes into Qt's headers, so the tests have precompiled ones.
if(PRECOMPILE_HEADERS)
    # Qt Test defines the folder of each test, and a precompiled header is taken only where all that it
    # was compiled with is defined alike. No test asks for the folder.
    get_target_property(definitions Qt6::Test INTERFACE_COMPILE_DEFINITIONS)
    list(FILTER definitions EXCLUDE REGEX "^QT_TESTCASE_")
    set_target_properties(Qt6::Test PROPERTIES INTERFACE_COMPILE_DEFINITIONS "${definitions}")
    function(add_precompiled_test_headers name)
        add_library(${name} STATIC ${CMAKE_BINARY_DIR}/precompiled.cpp)
        target_link_libraries(${name} PRIVATE Qt6::Core Qt6::Network Qt6::Sql Qt6::Test
            project_options)
        target_precompile_headers(${name} PRIVATE ${ARGN}
            <QtTest> <QFuture> <QPromise> <QThreadPool> <QTcpServer> <QTcpSocket>
            <algorithm> <array> <atomic> <chrono> <functional> <memory> <optional> <span> <string>
            <string_view> <thread> <unordered_map> <utility> <variant> <vector>
            <tl/expected.hpp>)
        set_target_properties(${name} PROPERTIES AUTOMOC OFF POSITION_INDEPENDENT_CODE ON)
    endfunction()
    add_precompiled_test_headers(precompiled_tests <QtCore>)
    if(GATEHOUSE_WINDOW)
        add_precompiled_test_headers(precompiled_widget_tests <QtWidgets>)
        target_link_libraries(precompiled_widget_tests PRIVATE Qt6::Widgets)
    endif()
endif()
function(use_precompiled_test_headers target headers)
    if(TARGET ${headers})
        # A precompiled header is taken only where the same modules are defined.
        target_link_libraries(${target} PRIVATE Qt6::Network Qt6::Sql)
        target_precompile_headers(${target} REUSE_FROM ${headers})
    endif()
endfunction()
