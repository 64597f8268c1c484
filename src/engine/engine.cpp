// How the threads are wired: which slots each has, what yields to the hand, and what one answer means to another slot.
#include "engine/engine.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "data/activation_index.h"
#include "engine/disk_jobs.h"
#include "engine/jobs.h"
#include "engine/open.h"
#include "engine/scheduler.h"
#include "engine/store_thread.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxTimings = 100000;
constexpr unsigned kFewCores = 2;
// Below the window's thread, and the hand's work above the rest. On few cores only: elsewhere nobody is in the way.
constexpr int kNiceInteractive = 2;
constexpr int kNiceBackground = 10;
constexpr int kNiceDisk = 5;

double since_ms(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

unsigned cores() {
  return std::max(1U, std::thread::hardware_concurrency());
}

int torch_threads(int wanted) {
  if (wanted > 0) return wanted;
  return cores() <= kFewCores ? 1 : static_cast<int>(cores() / 2);
}

void be_nice(int nice) {
  if (cores() > kFewCores) return;
  // Linux keeps a nice value per thread; it begins with that of the thread that started it, so that a program that was
  // started nicer stays ordered within. Refusing to be nice is no failure.
  const auto thread = static_cast<id_t>(gettid());
  static_cast<void>(setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + nice));
}

}  // namespace

struct Engine::State {
  explicit State(EngineOptions the_options);

  template <class Request, class Snapshot>
  SlotRules<Request, Snapshot> announced(SlotRules<Request, Snapshot> rules);
  template <class Snapshot>
  bool keeps_open(const base::Published<Snapshot>& open, const std::shared_ptr<const Snapshot>& wanted,
                  const fs::path& path);
  SlotRules<DragRequest, DragSnapshot> timed_drag_rules();
  SlotRules<OpenModelRequest, ModelSnapshot> kept_model_rules(bool second);
  SlotRules<OpenCollectionRequest, CollectionSnapshot> kept_collection_rules();
  SlotRules<ScanRequest, ScanSnapshot> reporting_scan_rules();
  std::array<std::unique_ptr<Slot<VisualizeRequest, VisualizeAnswer>>, kVisualizationSlots> visualization_slots();
  std::vector<AnySlot*> background_slots();
  ComputeThread::Options thread_options(const char* name, ComputeThread::Order order, int nice);
  Clock::time_point may_start(Clock::time_point last_step) const;
  [[nodiscard]] ShowPictureRequest framed(const fs::path& picture, const ModelPointer& for_model) const;
  void post_beside(BesideRequests requests);

  const EngineOptions options;
  const net::Device device;
  const int threads;

  // The hand: when it last moved, and when the newest of its requests, and the newest answered one, were posted.
  std::atomic<Clock::time_point> hand_moved{Clock::time_point{}};
  std::atomic<Clock::time_point> hand_posted{Clock::time_point{}};
  std::atomic<Clock::time_point> hand_answered{Clock::time_point{}};
  mutable std::mutex timings_mutex;
  Timings timings;
  base::Published<ModelSnapshot> model;
  base::Published<ModelSnapshot> beside_model;
  base::Published<FeedingQuestion> feeding;
  std::mutex collection_mutex;  // of replacing the collection, which two threads do
  base::Published<CollectionSnapshot> collection;
  base::Published<RefusalSnapshot> refusal;

  Networks interactive_networks{device};
  Networks background_networks{device};
  // Of the second of two models: both stay loaded, whoever works.
  Networks interactive_beside{device};
  Networks background_beside{device};

  Slot<OpenModelRequest, ModelSnapshot> opened_model;
  Slot<OpenModelRequest, ModelSnapshot> opened_beside;
  Slot<FeedingPreviewRequest, PictureSnapshot> feeding_preview;
  Slot<ShowPictureRequest, PictureSnapshot> beside_picture;
  Slot<DragRequest, DragSnapshot> beside_drag;
  Slot<ClassesRequest, ClassesSnapshot> beside_classes;
  Slot<SweepRequest, SweepAnswer> beside_sweep;
  Slot<OpenCollectionRequest, CollectionSnapshot> opened_collection;
  Slot<ShowPictureRequest, PictureSnapshot> picture;
  Slot<SaveRequest, SaveSnapshot> save;
  Slot<AnalysisRequest, AnalysisSnapshot> analysis;
  Slot<ReportRequest, ReportSnapshot> report;
  Slot<QuestionsRequest, QuestionsSnapshot> analysed_trial;
  Slot<ThumbnailsRequest, ThumbnailsSnapshot> thumbnails;
  Slot<ExperimentRequest, ExperimentSnapshot> experiment;
  Slot<QuestionsRequest, QuestionsSnapshot> questions;
  Slot<DragRequest, DragSnapshot> drag;
  Slot<ClassesRequest, ClassesSnapshot> classes;
  Slot<ContactSheetRequest, ContactSheetSnapshot> contact_sheet;
  std::array<std::unique_ptr<Slot<VisualizeRequest, VisualizeAnswer>>, kVisualizationSlots> visualize;
  Slot<SweepRequest, SweepAnswer> sweep;
  Slot<ScanRequest, ScanSnapshot> scan;
  Slot<PracticeRequest, PracticeSnapshot> practice;
  Slot<MakeTrialsRequest, MakeTrialsSnapshot> make_trials;
  std::vector<const AnySlot*> all;

  // Last, so that they end before anything they use. The background is first: an answer to the hand wakes it.
  ComputeThread background;
  ComputeThread interactive;
  ComputeThread disk;
  StoreThread store;
};

// Every publication wakes the window.
template <class Request, class Snapshot>
SlotRules<Request, Snapshot> Engine::State::announced(SlotRules<Request, Snapshot> rules) {
  rules.on_publish = [this, then = std::move(rules.on_publish)](const std::shared_ptr<const Snapshot>& snapshot) {
    then(snapshot);
    if (options.on_publish) options.on_publish();
  };
  rules.on_cancelled = [this](double ms) {
    std::scoped_lock lock(timings_mutex);
    if (timings.cancel_ms.size() < kMaxTimings) timings.cancel_ms.push_back(ms);
  };
  return rules;
}

SlotRules<DragRequest, DragSnapshot> Engine::State::timed_drag_rules() {
  auto rules = drag_rules(interactive_networks);
  rules.on_publish = [this](const std::shared_ptr<const DragSnapshot>& snapshot) {
    if (snapshot && !snapshot->error) {
      std::scoped_lock lock(timings_mutex);
      if (timings.drag_ms.size() < kMaxTimings) timings.drag_ms.push_back(since_ms(snapshot->request.posted));
    }
    hand_answered = snapshot ? snapshot->request.posted : Clock::now();
    background.wake();  // its rest may end sooner now
  };
  return announced(std::move(rules));
}

// A file that cannot be opened is no reason to close the one that is open.
template <class Snapshot>
bool Engine::State::keeps_open(const base::Published<Snapshot>& open, const std::shared_ptr<const Snapshot>& wanted,
                               const fs::path& path) {
  const auto present = open.load();
  if (!wanted->error || !present || present->error) return false;
  refusal.publish(std::make_shared<const RefusalSnapshot>(RefusalSnapshot{*wanted->error, path}));
  return true;
}

// A model that asks how pictures are fed is not refused: it opens with the answer.
SlotRules<OpenModelRequest, ModelSnapshot> Engine::State::kept_model_rules(bool second) {
  auto rules = open_model_rules(device, threads, second);
  rules.on_publish = [this, &open = second ? beside_model : model](const ModelPointer& snapshot) {
    const auto present = open.load();
    const bool only_asks = snapshot->question && present && !present->error;
    if (snapshot->question) feeding.publish(snapshot->question);
    if (!only_asks && !keeps_open(open, snapshot, snapshot->path)) open.publish(snapshot);
  };
  return announced(std::move(rules));
}

SlotRules<OpenCollectionRequest, CollectionSnapshot> Engine::State::kept_collection_rules() {
  auto rules = open_collection_rules();
  rules.on_publish = [this](const std::shared_ptr<const CollectionSnapshot>& snapshot) {
    std::scoped_lock lock(collection_mutex);
    if (!keeps_open(collection, snapshot, snapshot->folder)) collection.publish(snapshot);
  };
  return announced(std::move(rules));
}

// Broken files that the scan finds join the list of the collection, if that is still the open one.
SlotRules<ScanRequest, ScanSnapshot> Engine::State::reporting_scan_rules() {
  const fs::path index = options.index_file.empty() ? data::default_index_file() : options.index_file;
  auto rules = scan_rules(background_networks, {index, true});
  rules.on_publish = [this](const std::shared_ptr<const ScanSnapshot>& snapshot) {
    if (!snapshot || !snapshot->done || snapshot->skipped.empty()) return;
    std::scoped_lock lock(collection_mutex);
    const auto open = collection.load();
    if (open != snapshot->request.collection) return;
    auto grown = std::make_shared<CollectionSnapshot>(*open);
    grown->skipped.insert(grown->skipped.end(), snapshot->skipped.begin(), snapshot->skipped.end());
    collection.publish(std::move(grown));
  };
  return announced(std::move(rules));
}

std::array<std::unique_ptr<Slot<VisualizeRequest, VisualizeAnswer>>, kVisualizationSlots>
Engine::State::visualization_slots() {
  std::array<std::unique_ptr<Slot<VisualizeRequest, VisualizeAnswer>>, kVisualizationSlots> slots;
  for (auto& slot : slots)
    slot = std::make_unique<Slot<VisualizeRequest, VisualizeAnswer>>(announced(visualize_rules(background_networks)));
  return slots;
}

std::vector<AnySlot*> Engine::State::background_slots() {
  std::vector<AnySlot*> slots;
  for (const auto& slot : visualize) slots.push_back(slot.get());
  slots.push_back(&sweep);
  slots.push_back(&beside_sweep);
  slots.push_back(&scan);
  slots.push_back(&practice);
  slots.push_back(&make_trials);
  return slots;
}

Clock::time_point Engine::State::may_start(Clock::time_point last_step) const {
  return yielding_may_start(hand_answered.load() < hand_posted.load(), hand_moved.load(), last_step, Clock::now());
}

ComputeThread::Options Engine::State::thread_options(const char* name, ComputeThread::Order order, int nice) {
  ComputeThread::Options made;
  made.name = name;
  made.order = order;
  made.on_start = [this, nice] {
    be_nice(nice);
    net::set_threads_here(threads);
  };
  made.may_start = [this](Clock::time_point last_step) { return may_start(last_step); };
  return made;
}

ShowPictureRequest Engine::State::framed(const fs::path& path, const ModelPointer& for_model) const {
  const bool is_open = for_model && !for_model->error;
  return {path, is_open ? for_model->framing : core::Framing{}, is_open && for_model->grey, collection.load()};
}

void Engine::State::post_beside(BesideRequests requests) {
  if (requests.open_model) opened_beside.post({*std::move(requests.open_model)});
  if (requests.show_picture) beside_picture.post(framed(*requests.show_picture, beside_model.load()));
  if (requests.drag) {
    if (requests.drag->posted == Clock::time_point{}) requests.drag->posted = Clock::now();
    hand_moved = Clock::now();
    beside_drag.post(*std::move(requests.drag));
  }
  if (requests.classes) beside_classes.post(*std::move(requests.classes));
  if (requests.sweep) beside_sweep.post(*std::move(requests.sweep));
}

Engine::State::State(EngineOptions the_options)
    : options(std::move(the_options)),
      device(options.cuda ? net::Device::cuda : net::Device::cpu),
      threads(torch_threads(options.threads)),
      opened_model(kept_model_rules(false)),
      opened_beside(kept_model_rules(true)),
      feeding_preview(announced(feeding_preview_rules())),
      beside_picture(announced(show_picture_rules())),
      beside_drag(announced(drag_rules(interactive_beside))),
      beside_classes(announced(classes_rules(interactive_beside))),
      beside_sweep(announced(sweep_rules(background_beside))),
      opened_collection(kept_collection_rules()),
      picture(announced(show_picture_rules())),
      save(announced(save_rules(made_by(device, threads)))),
      analysis(announced(analysis_rules())),
      report(announced(report_rules())),
      analysed_trial(announced(questions_rules())),
      thumbnails(announced(thumbnails_rules())),
      experiment(announced(experiment_rules())),
      questions(announced(questions_rules())),
      drag(timed_drag_rules()),
      classes(announced(classes_rules(interactive_networks))),
      contact_sheet(announced(contact_sheet_rules(interactive_networks))),
      visualize(visualization_slots()),
      sweep(announced(sweep_rules(background_networks))),
      scan(reporting_scan_rules()),
      practice(announced(practice_rules(background_networks))),
      make_trials(announced(make_trials_rules())),
      all{&opened_model, &opened_beside,  &opened_collection,
          &picture,      &beside_picture, &save,
          &thumbnails,   &drag,           &beside_drag,
          &classes,      &beside_classes, &contact_sheet,
          &sweep,        &beside_sweep,   &scan,
          &practice,     &experiment,     &questions,
          &analysis,     &report,         &analysed_trial,
          &make_trials,  &feeding_preview},
      background(thread_options("background", ComputeThread::Order::fair, kNiceBackground), background_slots()),
      interactive(thread_options("interactive", ComputeThread::Order::first_wins, kNiceInteractive),
                  {&drag, &beside_drag, &classes, &beside_classes, &contact_sheet}),
      disk(thread_options("disk", ComputeThread::Order::first_wins, kNiceDisk),
           {&questions, &experiment, &opened_model, &opened_beside, &picture, &beside_picture, &feeding_preview,
            &opened_collection, &save, &analysed_trial, &report, &analysis, &thumbnails}),
      store([this] {
        if (options.on_publish) options.on_publish();
      }) {
  for (const auto& slot : visualize) all.push_back(slot.get());
}

Engine::Engine(EngineOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Engine::~Engine() = default;

void Engine::post(Requests requests) {
  State& state = *state_;
  if (requests.drag) {
    if (requests.drag->posted == Clock::time_point{}) requests.drag->posted = Clock::now();
    state.hand_posted = requests.drag->posted;
    state.hand_moved = Clock::now();
    state.drag.post(*std::move(requests.drag));
  }
  if (requests.open_model) state.opened_model.post({*std::move(requests.open_model)});
  if (requests.feed_model) {
    FeedModelRequest& answer = *requests.feed_model;
    (answer.beside ? state.opened_beside : state.opened_model)
        .post({std::move(answer.path), std::move(answer.feeding)});
  }
  if (requests.feeding_preview) state.feeding_preview.post(*std::move(requests.feeding_preview));
  state.post_beside(std::move(requests.beside));
  if (requests.open_folder) state.opened_collection.post({{*std::move(requests.open_folder)}});
  if (requests.open_pictures) {
    std::vector<fs::path>& dropped = *requests.open_pictures;
    const auto models = std::stable_partition(dropped.begin(), dropped.end(),
                                              [](const fs::path& path) { return !is_model_name(path); });
    if (models != dropped.end()) state.opened_model.post({dropped.back()});
    dropped.erase(models, dropped.end());
    if (!dropped.empty()) state.opened_collection.post({std::move(dropped)});
  }
  if (requests.show_picture) state.picture.post(state.framed(*requests.show_picture, state.model.load()));
  if (requests.classes) state.classes.post(*std::move(requests.classes));
  if (requests.contact_sheet) state.contact_sheet.post(*std::move(requests.contact_sheet));
  if (requests.sweep) state.sweep.post(*std::move(requests.sweep));
  for (std::size_t i = 0; i < requests.visualize.size(); ++i)
    if (requests.visualize[i]) state.visualize[i]->post(*std::move(requests.visualize[i]));
  if (requests.scan) state.scan.post(*std::move(requests.scan));
  if (requests.practice) state.practice.post(*std::move(requests.practice));
  if (requests.make_trials) state.make_trials.post(*std::move(requests.make_trials));
  if (requests.thumbnails) state.thumbnails.post(*std::move(requests.thumbnails));
  if (requests.save) state.save.post(*std::move(requests.save));
  if (requests.analysis) state.analysis.post(*std::move(requests.analysis));
  if (requests.report) state.report.post(*std::move(requests.report));
  if (requests.analysed_trial) state.analysed_trial.post(*std::move(requests.analysed_trial));
  if (requests.experiment) state.experiment.post(*std::move(requests.experiment));
  if (requests.questions) state.questions.post(*std::move(requests.questions));
  for (StoreOrder& order : requests.store) state.store.post(std::move(order));
  if (requests.retry_store) state.store.retry();
}

Snapshots Engine::snapshots() const {
  const State& state = *state_;
  Snapshots newest;
  newest.model = state.model.load();
  newest.opened = state.opened_model.load();
  newest.feeding = state.feeding.load();
  newest.feeding_preview = state.feeding_preview.load();
  newest.beside = {state.beside_model.load(), state.opened_beside.load(),  state.beside_picture.load(),
                   state.beside_drag.load(),  state.beside_classes.load(), state.beside_sweep.load()};
  newest.collection = state.collection.load();
  newest.refusal = state.refusal.load();
  newest.picture = state.picture.load();
  newest.drag = state.drag.load();
  newest.classes = state.classes.load();
  newest.contact_sheet = state.contact_sheet.load();
  newest.sweep = state.sweep.load();
  for (std::size_t i = 0; i < newest.visualize.size(); ++i) newest.visualize[i] = state.visualize[i]->load();
  newest.scan = state.scan.load();
  newest.practice = state.practice.load();
  newest.make_trials = state.make_trials.load();
  newest.thumbnails = state.thumbnails.load();
  newest.save = state.save.load();
  newest.analysis = state.analysis.load();
  newest.report = state.report.load();
  newest.analysed_trial = state.analysed_trial.load();
  newest.experiment = state.experiment.load();
  newest.questions = state.questions.load();
  newest.store = state.store.load();
  return newest;
}

bool Engine::busy() const {
  if (state_->store.busy()) return true;
  return std::any_of(state_->all.begin(), state_->all.end(), [](const AnySlot* slot) { return slot->busy(); });
}

int Engine::threads() const {
  return state_->threads;
}

Engine::Timings Engine::take_timings() {
  std::scoped_lock lock(state_->timings_mutex);
  return std::exchange(state_->timings, {});
}

}  // namespace engine
