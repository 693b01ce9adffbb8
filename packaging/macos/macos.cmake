# The macOS bundle and its disk image. Untried: it was written without a Mac to build it on.
set(macos ${CMAKE_CURRENT_LIST_DIR})

find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
set(icon ${CMAKE_CURRENT_BINARY_DIR}/gatehouse.icns)
execute_process(
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/make-icons.py
            ${PROJECT_SOURCE_DIR}/resources/icons/app ${icon}
    COMMAND_ERROR_IS_FATAL ANY)
target_sources(gatehouse PRIVATE ${icon})
set_source_files_properties(${icon} TARGET_DIRECTORY gatehouse
    PROPERTIES MACOSX_PACKAGE_LOCATION Resources)
set_target_properties(gatehouse PROPERTIES
    MACOSX_BUNDLE ON
    OUTPUT_NAME Gatehouse
    MACOSX_BUNDLE_INFO_PLIST ${macos}/Info.plist.in
    MACOSX_BUNDLE_GUI_IDENTIFIER org.gatehouse.Gatehouse
    MACOSX_BUNDLE_BUNDLE_VERSION ${PROJECT_VERSION}
    MACOSX_BUNDLE_SHORT_VERSION_STRING ${PROJECT_VERSION}
    MACOSX_BUNDLE_ICON_FILE gatehouse.icns)

# Qt's frameworks, its plugins and the other libraries go into the bundle. Signing with a certificate
# and notarising are left to whoever has one: SIGNING_IDENTITY "-" signs for this machine alone.
set(SIGNING_IDENTITY "-" CACHE STRING "The certificate to sign the bundle with")
get_target_property(qmake Qt6::qmake IMPORTED_LOCATION)
get_filename_component(qtPrograms ${qmake} DIRECTORY)
find_program(MACDEPLOYQT NAMES macdeployqt6 macdeployqt HINTS ${qtPrograms} REQUIRED)
install(CODE "
    set(bundle \"\${CMAKE_INSTALL_PREFIX}/Gatehouse.app\")
    execute_process(COMMAND \"${MACDEPLOYQT}\" \"\${bundle}\" COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND codesign --force --deep --options runtime
        --entitlements \"${macos}/entitlements.plist\" --sign \"${SIGNING_IDENTITY}\" \"\${bundle}\"
        COMMAND_ERROR_IS_FATAL ANY)")

set(CPACK_GENERATOR DragNDrop)
set(CPACK_DMG_VOLUME_NAME Gatehouse)
set(CPACK_DMG_FORMAT UDZO)
# The program is stripped by its own rules, before it is signed.
set(CPACK_STRIP_FILES OFF)
