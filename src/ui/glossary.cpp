#include "ui/glossary.h"

#include <algorithm>
#include <string>

#include "base/check.h"

namespace ui {
namespace {

constexpr Term kTerms[] = {
    {"unit", "One channel of a layer: the same small detector, applied at every place of the picture."},
    {"layer", "One stage of the network. Later layers see more of the picture and combine what earlier ones found."},
    {"activation",
     "How strongly the unit answers: the mean of its activation map over the whole picture (or one cell of it for "
     "@y,x)."},
    {"activation map", "The unit's answer at every place of the picture: bright is strong. Drawn over the picture."},
    {"pre-ReLU", "Before the rectifier: the value may be negative, so that one sees how far a unit is from answering."},
    {"receptive field", "How many pixels of the picture, at most, one cell of the layer's map can see."},
    {"depthwise", "A convolution in which each channel sees only itself, as MobileNet has them."},
    {"channels", "How many units the layer has."},
    {"occluder", "The square that hides a part of the picture. What the unit loses by it is what was there."},
    {"fill",
     "What the hidden part is replaced with. The mean of the covered pixels hides the content and keeps the tone."},
    {"occlusion map", "The unit's activation for every place of the occluder. Dark places are what the unit needs."},
    {"baseline", "The activation of the same picture without an occluder."},
    {"drop", "Baseline minus the activation with the occluder: red where hiding costs the unit, blue where it helps."},
    {"relative difference",
     "(highest − lowest over all positions and the baseline) divided by the baseline: how much the occluder can do."},
    {"exact", "Each of these positions was computed by a pass of the network; between them the map is interpolated."},
    {"range", "Which values the two ends of the colours stand for: those of this map, or fixed ones to compare maps."},
    {"contour", "Lines of equal value."},
    {"feature visualization",
     "A picture made from noise by following the unit's gradient: what it would like to see most, not a photograph."},
    {"parameterization",
     "What is optimized: plain pixels, or the picture's frequencies (Fourier), which makes smooth pictures easy to "
     "reach."},
    {"learning rate", "How far each step of the optimizer (Adam) moves the picture."},
    {"jitter",
     "Each step shifts the picture by a random number of pixels, so that only what survives the shift remains."},
    {"rotate", "Each step turns the picture by a random angle, so that only what survives the turn remains."},
    {"scale", "Each step zooms the picture by a random factor, so that only what survives the zoom remains."},
    {"diversity",
     "With two or more pictures at once: pushes them apart, to show different things that excite the unit."},
    {"batch", "How many pictures are made at once. Another number begins anew."},
    {"sign", "Plus makes what excites the unit most, minus what inhibits it most."},
    {"L2", "Pulls every pixel towards grey."},
    {"total variation", "Smooths: penalizes differences between neighbouring pixels."},
    {"blur", "Smooths: penalizes the difference between the picture and its own blur."},
    {"objective", "What the optimizer climbs: the activation, plus diversity, minus the priors; per step."},
    {"steps", "Updates of the picture. Settings act on the next one."},
    {"seed", "The start of all random numbers: the same seed gives the same picture."},
    {"best pictures", "The pictures of the open folder by the mean activation of the unit, highest first."},
    {"classes", "The network's own decision: its likeliest classes without → with the occluder."},
    {"contact sheet",
     "The activation map of every unit of the layer on this picture, strongest first. Each has its own range of "
     "colours."},
};

}  // namespace

std::span<const Term> glossary() {
  return kTerms;
}

std::string_view meaning_of(std::string_view word) {
  const auto it =
      std::find_if(std::begin(kTerms), std::end(kTerms), [&](const Term& term) { return term.word == word; });
  CHECK(it != std::end(kTerms), "the glossary has no word \"" + std::string(word) + "\"");
  return it->meaning;
}

}  // namespace ui
