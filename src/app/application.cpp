#include "app/application.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <ctime>

#include "base/log.h"
#include "ui/panels.h"

namespace app {
namespace {

constexpr int kFramesToSettle = 3;  // Dear ImGui shows some answers to an input a frame later
constexpr double kLongestHold_ms = 25.0;
constexpr int kMostLosses = 3;  // in a minute; then starting the device again does not help

// ISO 8601, to the second.
std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

double ms_between(Application::Clock::time_point from, Application::Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

// Whether the occluder moved from one answer to the next, and nothing else: not the first answer to another unit.
bool follows_hand(const engine::DragSnapshot& answer, const engine::DragSnapshot* before) {
  return before != nullptr && answer.request.unit == before->request.unit &&
         answer.request.picture == before->request.picture && !(answer.request.occluder == before->request.occluder);
}

core::Size display_size() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  return {static_cast<int>(std::lround(size.x)), static_cast<int>(std::lround(size.y))};
}

}  // namespace

struct Application::News {
  std::atomic<int> unseen = 0;
  std::function<void()> wake;
};

base::Result<std::unique_ptr<Application>> Application::create(const Opening& opening, MakeRenderer make_renderer,
                                                               std::function<void()> wake) {
  std::unique_ptr<Application> application(new Application);
  auto renderer = make_renderer();
  if (!renderer) return renderer.error();
  application->renderer_ = std::move(*renderer);
  application->make_renderer_ = std::move(make_renderer);
  base::log_info("drawing with " + application->renderer_->device_name());

  application->workspace_.preferences = opening.preferences;
  application->workspace_.opening.embedded = opening.embedded_model;
  application->workspace_.opening.lucid = opening.lucid_model;
  application->workspace_.chosen.unit = opening.unit;
  if (opening.practice) {
    application->workspace_.screen = ui::Screen::practice;
    application->workspace_.practice.units = ui::PracticeUnits::drawn;
  }
  application->workspace_.practice.results_file = opening.practice_results;
  study::SessionHeader& practice = application->workspace_.practice.header;
  practice.began = utc_now();
  practice.session = "practice-" + practice.began;
  practice.mode = study::Mode::practice;
  practice.version = "unitscope " UNITSCOPE_VERSION;
  practice.device = application->renderer_->device_name();
  application->workspace_.analysing.answers = opening.answers;
  if (opening.analyse && !opening.session) ui::analyse(application->workspace_, opening.answers);
  if (opening.session) {
    application->workspace_.session = opening.session;
    application->workspace_.screen = ui::Screen::session;
  } else {
    application->out_.open_model = opening.model;
    application->out_.open_folder = opening.images;
  }

  application->news_ = std::make_shared<News>();
  application->news_->wake = std::move(wake);
  engine::EngineOptions options;
  options.on_publish = [news = application->news_] {
    news->unseen = kFramesToSettle;
    news->wake();
  };
  application->engine_ = std::make_unique<engine::Engine>(std::move(options));
  return application;
}

void Application::look() {
  in_ = engine_->snapshots();
}

base::Status Application::frame(const FrameInput& input) {
  return draw(input, nullptr);
}

base::Result<core::Image> Application::frame_and_read(const FrameInput& input) {
  std::optional<core::Image> picture;
  if (auto status = draw(input, &picture); !status) return status.error();
  if (picture) return std::move(*picture);
  return base::Error{"The frame gave no picture", "the graphics device was lost", "Try again."};
}

base::Status Application::draw(const FrameInput& input, std::optional<core::Image>* picture) {
  if (input.input_time != last_input_) frames_to_settle_ = kFramesToSettle;
  last_input_ = input.input_time;
  frames_to_settle_ = std::max({frames_to_settle_ - 1, news_->unseen.exchange(0), 0});

  if (auto status = renderer_->begin_frame(); !status) return recover(status.error());
  input.feed();
  ui::before_new_frame(workspace_, display_size(), input.content_scale);
  ImGui::NewFrame();
  frame_.now_s = input.now_s;
  frame_.dt_s = input.dt_s;
  frame_.input_time = input.input_time;
  frame_.press_time = input.press_time;
  frame_.gpu = renderer_->device_name();
  describe_machine(input);
  const auto shown_drag = in_.drag;
  ui::draw_window(workspace_, in_, out_, renderer_->textures(), frame_);
  ImGui::Render();
  const bool hand_asked = out_.drag.has_value();
  engine_->post(std::exchange(out_, {}));
  if (picture == nullptr && holds_frame(input, hand_asked)) {
    if (auto status = renderer_->skip(); !status) return recover(status.error());
    return {};
  }

  ImDrawData& data = *ImGui::GetDrawData();
  if (picture == nullptr) {
    if (auto status = renderer_->draw(data, input.framebuffer); !status) return recover(status.error());
  } else {
    auto read = renderer_->draw_and_read(data, input.framebuffer);
    if (!read) return recover(read.error());
    *picture = std::move(*read);
  }
  measure(input, shown_drag);
  return {};
}

// A software device draws on the cores that compute the hand's value, and for about as long. Where the value comes
// within a moment, the frame waits for it and is drawn once: square and value arrive together, and sooner.
bool Application::holds_frame(const FrameInput& input, bool hand_asked) {
  const auto& newest = in_.drag;
  const bool comes_soon = workspace_.hand.dragging && renderer_->is_software() && newest && !newest->error &&
                          newest->compute_ms < kLongestHold_ms;
  const bool came = newest != shown_drag_;
  if (comes_soon && !came && (hand_asked || held_since_s_)) {
    if (!held_since_s_) held_since_s_ = input.now_s;
    if (input.now_s - *held_since_s_ < kLongestHold_ms / 1000.0) return true;
  }
  held_since_s_.reset();
  return false;
}

std::optional<double> Application::next_frame_due_s() const {
  std::optional<double> due = ui::next_frame_due_s(workspace_);
  if (held_since_s_) {
    const double end_s = *held_since_s_ + kLongestHold_ms / 1000.0;
    due = due ? std::min(*due, end_s) : end_s;
  }
  return due;
}

void Application::describe_machine(const FrameInput& input) {
  if (!workspace_.session) return;
  ui::SessionMachine& machine = workspace_.session->machine;
  machine.version = "unitscope " UNITSCOPE_VERSION;
  machine.device = renderer_->device_name();
  machine.clock = "std::chrono::steady_clock, read in the event's callback";
  machine.present_method = input.presented ? "FIFO, time at which vkQueuePresentKHR returned" : "offscreen";
  machine.refresh_hz = input.refresh_hz;
  machine.scale = static_cast<double>(input.content_scale);
}

base::Status Application::recover(const base::Error& error) {
  if (!renderer_->lost()) return error;
  base::log_warning(error.sentence());
  if (frame_.now_s - last_loss_s_ > 60.0) losses_ = 0;
  last_loss_s_ = frame_.now_s;
  if (++losses_ > kMostLosses) return error;
  renderer_.reset();  // before another one may take the window's surface
  auto again = make_renderer_();
  if (!again) return again.error();
  renderer_ = std::move(*again);
  frames_to_settle_ = kFramesToSettle;
  ui::notify(workspace_, "The graphics device stopped answering and was started again.", true, frame_.now_s);
  return {};
}

void Application::measure(const FrameInput& input, const std::shared_ptr<const engine::DragSnapshot>& shown) {
  FrameTime time;
  time.device_wait_ms = renderer_->device_wait_ms();
  time.screen_wait_ms = renderer_->screen_wait_ms();
  time.work_ms = ms_between(input.polled, renderer_->submitted_at()) - time.device_wait_ms - time.screen_wait_ms;
  const Clock::time_point presented = renderer_->presented_at();
  if (input.framebuffer.width_px > 0) ui::frame_was_presented(workspace_, presented);
  time.present_ms = ms_between(renderer_->submitted_at(), presented);
  if (renderer_->drew()) times_.add(time);
  if (shown != shown_drag_ && shown && !shown->error && follows_hand(*shown, shown_drag_.get())) {
    frame_.drag_ms = ms_between(shown->request.posted, presented);
    drag_ms_.push_back(frame_.drag_ms);
  }
  shown_drag_ = shown;
  std::erase_if(recent_frames_, [&](Clock::time_point at) { return ms_between(at, presented) > 1000.0; });
  if (renderer_->drew()) recent_frames_.push_back(presented);
  frame_.frames_per_s = static_cast<double>(recent_frames_.size());
}

bool Application::wants_another_frame() const {
  if (held_since_s_) return news_->unseen > 0;
  return frames_to_settle_ > 0 || news_->unseen > 0 || ui::wants_another_frame(workspace_, frame_);
}

bool Application::settled() const {
  return !engine_->busy() && !wants_another_frame();
}

}  // namespace app
