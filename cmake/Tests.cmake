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
    if(TARGET precompiled_tests AND folder STREQUAL "ui")
        # A precompiled header is taken only where the same modules are defined.
        target_link_libraries(${target} PRIVATE Qt6::Network Qt6::Sql)
        target_precompile_headers(${target} REUSE_FROM precompiled_tests)
    else()
        use_precompiled_headers(${target})
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
