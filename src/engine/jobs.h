// The real work of the compute slots: how requests compare, and what answers them. The interactive thread has the drag,
// the classes and the contact sheet; the background thread has the sweep, the visualizations, the scan (scan.h),
// practice questions (practice.h) and the making of trials (trial_making.h). The networks outlive the jobs; everything
// here runs on their compute thread.
#pragma once
#include "engine/messages.h"
#include "engine/networks.h"
#include "engine/scan.h"
#include "engine/slot.h"

namespace engine {

SlotRules<DragRequest, DragSnapshot> drag_rules(Networks& networks);
SlotRules<ClassesRequest, ClassesSnapshot> classes_rules(Networks& networks);
SlotRules<ContactSheetRequest, ContactSheetSnapshot> contact_sheet_rules(Networks& networks);

SlotRules<SweepRequest, SweepAnswer> sweep_rules(Networks& networks);
SlotRules<VisualizeRequest, VisualizeAnswer> visualize_rules(Networks& networks);
SlotRules<PracticeRequest, PracticeSnapshot> practice_rules(Networks& networks);
SlotRules<MakeTrialsRequest, MakeTrialsSnapshot> make_trials_rules();
SlotRules<ScanRequest, ScanSnapshot> scan_rules(Networks& networks, ScanOptions options);

// The snapshot of a request that failed, for snapshots that hold their request.
template <class Request, class Snapshot>
std::shared_ptr<const Snapshot> failed_with(const Request& request, base::Error error) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->request = request;
  snapshot->error = std::move(error);
  return snapshot;
}

}  // namespace engine
