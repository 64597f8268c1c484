#include "engine/store_thread.h"

#include <algorithm>

#include "base/log.h"
#include "data/fresh_file.h"

namespace engine {
namespace {

template <class... Work>
struct Either : Work... {
  using Work::operator()...;
};
template <class... Work>
Either(Work...) -> Either<Work...>;

base::Result<study::Session> session_of(const data::StoredSession& stored) {
  study::Session session;
  auto header = study::session_header_from_json(stored.header);
  if (!header) return header.error();
  session.header = std::move(*header);
  auto end = study::session_end_from_json(stored.end);
  if (!end) return end.error();
  session.end = std::move(*end);
  for (const std::string& text : stored.answers) {
    auto answer = study::answer_from_json(text);
    if (!answer) return answer.error();
    session.answers.push_back(std::move(*answer));
  }
  return session;
}

base::Result<std::vector<study::Session>> sessions_in(data::ResultsStore& store) {
  const auto stored = store.sessions();
  if (!stored) return stored.error();
  std::vector<study::Session> sessions;
  for (const data::StoredSession& one : *stored) {
    auto session = session_of(one);
    if (session)
      sessions.push_back(std::move(*session));
    else  // of another version; it stays where it is
      base::log_warning("The session " + one.name + " is passed over: " + session.error().sentence());
  }
  return sessions;
}

}  // namespace

base::Result<std::vector<study::Session>> stored_sessions(const std::filesystem::path& file) {
  const auto store = data::ResultsStore::open(file);
  if (!store) return store.error();
  return sessions_in(**store);
}

StoreThread::StoreThread(std::function<void()> on_publish)
    : on_publish_(std::move(on_publish)), thread_([this] { run(); }) {}

StoreThread::~StoreThread() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
}

void StoreThread::post(StoreOrder order) {
  {
    const std::scoped_lock lock(mutex_);
    orders_.push_back(std::move(order));
  }
  changed_.notify_one();
}

void StoreThread::retry() {
  {
    const std::scoped_lock lock(mutex_);
    failed_ = false;
  }
  changed_.notify_one();
}

bool StoreThread::busy() const {
  const std::scoped_lock lock(mutex_);
  return !orders_.empty() && !failed_;
}

void StoreThread::run() {
  for (;;) {
    StoreOrder order;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return ending_ || (!orders_.empty() && !failed_); });
      if (orders_.empty() || failed_) return;
      order = orders_.front();  // stays in line until it is done
    }
    const base::Status done = carry_out(order);
    now_.error.reset();
    if (done) {
      now_.done = order.number;
    } else {
      now_.error = done.error();
    }
    publish();  // before busy() turns false
    {
      const std::scoped_lock lock(mutex_);
      failed_ = !done.ok();
      if (done) orders_.pop_front();
    }
    on_publish_();
  }
}

void StoreThread::publish() {
  published_.publish(std::make_shared<StoreSnapshot>(now_));
}

base::Status StoreThread::carry_out(const StoreOrder& order) {
  if (const auto* opening = std::get_if<OpenStore>(&order.what)) return open(*opening);
  if (!store_) return base::Error{"The answers cannot be written", "no file was opened for them", "Open one first"};
  return std::visit(Either{[](const OpenStore&) { return base::Status(); },
                           [&](const PutSession& put) {
                             return store_->put_session(put.header.session, study::to_json(put.header),
                                                        study::to_json(put.end));
                           },
                           [&](const AddAnswer& add) {
                             return store_->add_answer(add.answer.session, add.answer.trial_index,
                                                       study::to_json(add.answer), study::to_json(add.end));
                           },
                           [&](const AddPage& add) {
                             return store_->add_page(add.session, {add.page, add.at_ms});
                           },
                           [&](const PutEnd& put) { return store_->put_end(put.session, study::to_json(put.end)); },
                           [&](const ExportSession& wanted) { return export_session(wanted); }},
                    order.what);
}

base::Status StoreThread::open(const OpenStore& order) {
  store_.reset();
  now_ = {};
  auto opened = data::ResultsStore::open(order.file);
  if (!opened) return opened.error();
  store_ = std::move(*opened);
  auto sessions = sessions_in(*store_);
  if (!sessions) return sessions.error();
  now_.sessions = std::move(*sessions);
  now_.open = true;
  return {};
}

base::Status StoreThread::export_session(const ExportSession& order) {
  const auto stored = store_->sessions();
  if (!stored) return stored.error();
  const auto found = std::ranges::find(*stored, order.session, &data::StoredSession::name);
  if (found == stored->end())
    return base::Error{"The session " + order.session + " cannot be exported", "the store does not have it", ""};
  const auto session = session_of(*found);
  if (!session) return session.error();
  std::vector<std::filesystem::path> written;
  for (const auto& [extension, text] : {std::pair<std::string, std::string>{".json", study::to_json(*session)},
                                        std::pair<std::string, std::string>{".csv", study::to_csv(*session)}}) {
    const auto file = data::save_fresh(order.folder, order.session, extension, text);
    if (!file) return file.error();
    written.push_back(*file);
  }
  now_.exported = std::move(written);
  return {};
}

}  // namespace engine
