# The Windows installer (NSIS). Untried: it was written without a Windows machine to build it on.
set(windows ${CMAKE_CURRENT_LIST_DIR})

# The icon is put together from the PNGs of every size.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
set(GATEHOUSE_ICON ${CMAKE_CURRENT_BINARY_DIR}/gatehouse.ico)
execute_process(
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/make-icons.py
            ${PROJECT_SOURCE_DIR}/resources/icons/app ${GATEHOUSE_ICON}
    COMMAND_ERROR_IS_FATAL ANY)
set(GATEHOUSE_MANIFEST ${windows}/gatehouse.manifest)
configure_file(${windows}/gatehouse.rc.in ${CMAKE_CURRENT_BINARY_DIR}/gatehouse.rc @ONLY)
enable_language(RC)
target_sources(gatehouse PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/gatehouse.rc)
# No console appears beside the window; a command writes to the console that it was started from.
set_target_properties(gatehouse PROPERTIES WIN32_EXECUTABLE ON)

# Qt, its plugins and the other libraries go beside the program.
get_target_property(qmake Qt6::qmake IMPORTED_LOCATION)
get_filename_component(qtPrograms ${qmake} DIRECTORY)
find_program(WINDEPLOYQT NAMES windeployqt6 windeployqt HINTS ${qtPrograms} REQUIRED)
install(CODE "
    set(program \"\${CMAKE_INSTALL_PREFIX}/bin/gatehouse.exe\")
    execute_process(COMMAND \"${WINDEPLOYQT}\" --no-translations --no-system-d3d-compiler
        --no-opengl-sw --compiler-runtime \"\${program}\" COMMAND_ERROR_IS_FATAL ANY)
    file(GET_RUNTIME_DEPENDENCIES EXECUTABLES \"\${program}\"
        RESOLVED_DEPENDENCIES_VAR libraries UNRESOLVED_DEPENDENCIES_VAR missing
        DIRECTORIES \"${qtPrograms}\"
        PRE_EXCLUDE_REGEXES \"^api-ms-\" \"^ext-ms-\"
        POST_EXCLUDE_REGEXES \"[Ww][Ii][Nn][Dd][Oo][Ww][Ss][/\\\\\\\\][Ss]ystem32\")
    foreach(library IN LISTS libraries)
        file(INSTALL \"\${library}\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/bin\")
    endforeach()")

set(CPACK_GENERATOR NSIS)
set(CPACK_PACKAGE_EXECUTABLES gatehouse Gatehouse)
set(CPACK_NSIS_DISPLAY_NAME Gatehouse)
set(CPACK_NSIS_PACKAGE_NAME Gatehouse)
set(CPACK_NSIS_UNICODE ON)
set(CPACK_NSIS_MUI_ICON ${GATEHOUSE_ICON})
set(CPACK_NSIS_MUI_UNIICON ${GATEHOUSE_ICON})
set(CPACK_NSIS_INSTALLED_ICON_NAME bin\\\\gatehouse.exe)
set(CPACK_NSIS_ENABLE_UNINSTALL_BEFORE_INSTALL ON)
set(CPACK_NSIS_MANIFEST_DPI_AWARE ON)
set(CPACK_NSIS_EXECUTABLES_DIRECTORY bin)
# Links of the program's own scheme open it. "--" keeps what follows from being taken for an option.
set(CPACK_NSIS_EXTRA_INSTALL_COMMANDS [[
WriteRegStr SHCTX 'Software\\Classes\\gatehouse' '' 'URL:Gatehouse'
WriteRegStr SHCTX 'Software\\Classes\\gatehouse' 'URL Protocol' ''
WriteRegStr SHCTX 'Software\\Classes\\gatehouse\\DefaultIcon' '' '\"$INSTDIR\\bin\\gatehouse.exe\",0'
WriteRegStr SHCTX 'Software\\Classes\\gatehouse\\shell\\open\\command' '' '\"$INSTDIR\\bin\\gatehouse.exe\" -- \"%1\"'
]])
# The data of the account stays; the login item, which would start nothing any more, does not.
set(CPACK_NSIS_EXTRA_UNINSTALL_COMMANDS [[
DeleteRegValue HKCU 'Software\\Microsoft\\Windows\\CurrentVersion\\Run' 'Gatehouse'
DeleteRegKey SHCTX 'Software\\Classes\\gatehouse'
]])
