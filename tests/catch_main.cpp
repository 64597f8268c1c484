#if defined(__SANITIZE_ADDRESS__)
// Vulkan's loader unloads drivers and layers; the frames of what they leak would then have no name that
// leaks_of_others.txt could know.
extern "C" int dlclose(void* /*handle*/) noexcept {
  return 0;
}
#endif

#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
int main(int argc, char* argv[]) {
  return Catch::Session().run(argc, argv);
}
#else
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
