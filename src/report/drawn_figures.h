// The figures that no plot of plot.h can show and that are drawn shape by shape: the matrix of kappas, and histograms
// with their cut-offs. Without footnotes, which figures() adds to all. Pure; any thread.
#pragma once
#include "report/figures.h"

namespace report {

Figure kappa_figure(const study::Analysis& analysis);
// One whose why_not is empty.
Figure histogram_figure(const study::Analysis& analysis, const study::Histogram& histogram);

}  // namespace report
