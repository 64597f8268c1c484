# third_party::imgui: Dear ImGui (docking), its GLFW and Vulkan backends, and ImPlot.
#
# It exists in two builds with the same headers, because Dear ImGui must be compiled with hooks for its test engine, and
# the test engine's licence keeps it out of the product. A library (src/ui) links third_party::imgui and does not care;
# the program that it ends in decides: the product's build, or the one with the test engine where the program's property
# UNITSCOPE_IMGUI_TEST_ENGINE is on (set by unitscope_test(... IMGUI_TEST_ENGINE) in tests/).
if(UNITSCOPE_IMGUI_BUNDLE)
  set(bundle ${UNITSCOPE_IMGUI_BUNDLE})
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(bundle $ENV{XDG_CACHE_HOME}/unitscope/imgui-bundle-1.93.0)
else()
  set(bundle $ENV{HOME}/.cache/unitscope/imgui-bundle-1.93.0)
endif()
set(imgui ${bundle}/external/imgui/imgui)
set(implot ${bundle}/external/implot/implot)
set(test_engine ${bundle}/external/imgui_test_engine/imgui_test_engine)
if(NOT EXISTS ${imgui}/imgui.cpp)
  message(FATAL_ERROR "Dear ImGui was not found in ${bundle}: run scripts/setup.sh, or give -DUNITSCOPE_IMGUI_BUNDLE=DIR.")
endif()

# imgui_stacklayout.cpp is an extension that this copy of imgui.cpp calls.
set(imgui_sources
  ${imgui}/imgui.cpp ${imgui}/imgui_draw.cpp ${imgui}/imgui_tables.cpp ${imgui}/imgui_widgets.cpp ${imgui}/imgui_demo.cpp
  ${imgui}/imgui_stacklayout.cpp ${imgui}/backends/imgui_impl_glfw.cpp ${imgui}/backends/imgui_impl_vulkan.cpp
  ${implot}/implot.cpp ${implot}/implot_items.cpp)

add_library(third_party_imgui_product STATIC ${imgui_sources})
target_include_directories(third_party_imgui_product SYSTEM PUBLIC ${imgui} ${imgui}/backends ${implot})
target_link_libraries(third_party_imgui_product PUBLIC Vulkan::Vulkan glfw)

file(GLOB test_engine_sources ${test_engine}/imgui_test_engine/*.cpp)
add_library(third_party_imgui_tests STATIC EXCLUDE_FROM_ALL ${imgui_sources} ${test_engine_sources})
target_include_directories(third_party_imgui_tests SYSTEM PUBLIC
  ${imgui} ${imgui}/backends ${implot} ${test_engine} ${test_engine}/imgui_test_engine)
target_compile_definitions(third_party_imgui_tests PUBLIC
  IMGUI_ENABLE_TEST_ENGINE IMGUI_TEST_ENGINE_ENABLE_COROUTINE_STDTHREAD_IMPL=1 IMGUI_TEST_ENGINE_ENABLE_CAPTURE=0)
target_compile_options(third_party_imgui_tests PRIVATE -O1)
target_link_libraries(third_party_imgui_tests PUBLIC Vulkan::Vulkan glfw Threads::Threads)

third_party(imgui)
target_include_directories(third_party_imgui SYSTEM INTERFACE ${imgui} ${imgui}/backends ${implot})
target_link_libraries(third_party_imgui INTERFACE
  $<IF:$<BOOL:$<TARGET_PROPERTY:UNITSCOPE_IMGUI_TEST_ENGINE>>,third_party_imgui_tests,third_party_imgui_product>)
