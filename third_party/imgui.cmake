# third_party::imgui (Dear ImGui docking, its GLFW and Vulkan backends, ImPlot) for the product.
set(bundle_default $ENV{HOME}/.cache/unitscope/imgui-bundle-1.93.0)
if(UNITSCOPE_IMGUI_BUNDLE)
  set(bundle ${UNITSCOPE_IMGUI_BUNDLE})
else()
  set(bundle ${bundle_default})
endif()
set(imgui ${bundle}/external/imgui/imgui)
set(implot ${bundle}/external/implot/implot)
if(NOT EXISTS ${imgui}/imgui.cpp)
  message(FATAL_ERROR "Dear ImGui was not found in ${bundle}: run scripts/setup.sh, or give -DUNITSCOPE_IMGUI_BUNDLE=DIR.")
endif()
add_library(third_party_imgui STATIC
  ${imgui}/imgui.cpp ${imgui}/imgui_draw.cpp ${imgui}/imgui_tables.cpp ${imgui}/imgui_widgets.cpp ${imgui}/imgui_demo.cpp
  ${imgui}/imgui_stacklayout.cpp ${imgui}/backends/imgui_impl_glfw.cpp ${imgui}/backends/imgui_impl_vulkan.cpp
  ${implot}/implot.cpp ${implot}/implot_items.cpp)
add_library(third_party::imgui ALIAS third_party_imgui)
target_include_directories(third_party_imgui SYSTEM PUBLIC ${imgui} ${imgui}/backends ${implot})
target_link_libraries(third_party_imgui PUBLIC Vulkan::Vulkan glfw)
