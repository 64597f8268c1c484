#include "cli/interrupt.h"

#include <csignal>

namespace cli {
namespace {

core::StopFlag interrupted;
volatile std::sig_atomic_t received_signal = SIGINT;

void on_signal(int signal) {
  received_signal = signal;
  interrupted.request_stop();
}

}  // namespace

const core::StopFlag& interrupt_flag() {
  static const bool installed = [] {
    struct sigaction action = {};
    action.sa_handler = on_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    return true;
  }();
  static_cast<void>(installed);
  return interrupted;
}

void stop_watching_interrupts() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

int interrupt_exit_code() {
  return 128 + static_cast<int>(received_signal);
}

}  // namespace cli
