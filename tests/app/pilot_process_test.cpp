#include "app/pilot_process.h"

#include <chrono>
#include <thread>

#include "catch.h"

namespace {

// This test program itself is what is started.
int end_of(const std::vector<std::string>& flags) {
  app::PilotProcess process;
  REQUIRE_FALSE(process.runs());
  REQUIRE(process.start(flags).ok());
  REQUIRE(process.runs());
  std::optional<int> code;
  while (!(code = process.take_end())) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  REQUIRE_FALSE(process.runs());
  REQUIRE_FALSE(process.take_end());  // it is told once
  return *code;
}

}  // namespace

TEST_CASE("A process that was started gets its flags, is not waited for, and is told to have ended once") {
  REQUIRE(end_of({"--help"}) == 0);
  REQUIRE(end_of({"--no-such-flag"}) != 0);
}
