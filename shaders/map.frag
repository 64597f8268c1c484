// Colours a map of floats, by the rule in core/colour_map.h: the twin of core::colour(), and a test compares them.
// Values are fetched texel by texel, because filtering floats is optional in Vulkan and would mix in cells that are
// not there (NaN).
#version 450
#extension GL_EXT_samplerless_texture_functions : require

layout(set = 0, binding = 0) uniform texture2D values;  // [rows, cols], R32F
layout(set = 0, binding = 1) uniform texture2D tables;  // one row of 256 colours for each colour map, and kMissing

// Known when the pipeline is made, because a software device runs both sides of every branch for every pixel.
layout(constant_id = 0) const bool kBilinear = false;
layout(constant_id = 1) const bool kContour = false;

layout(push_constant) uniform Style {
  vec2 size_px;  // of the target
  float low;     // the value of the first colour of the table
  float high;    // of the last
  float opacity;
  int table;  // row of `tables`
  int contour_levels;
  int fading;
} style;

layout(location = 0) out vec4 colour;

// By its bits: a compiler may assume that isnan() never happens.
bool is_missing(float value) {
  return (floatBitsToUint(value) & 0x7fffffffu) > 0x7f800000u;
}

float cell(vec2 at) {
  return texelFetch(values, clamp(ivec2(at), ivec2(0), textureSize(values, 0) - 1), 0).r;
}

// The value under the middle of a pixel; NaN where there is none.
float value_under(vec2 pixel) {
  vec2 at = (pixel + 0.5) * vec2(textureSize(values, 0)) / style.size_px - 0.5;
  if (!kBilinear) return cell(floor(at + 0.5));

  vec2 corner = floor(at);
  vec2 along = at - corner;
  float sum = 0.0;
  float weights = 0.0;
  for (int i = 0; i < 4; ++i) {
    vec2 side = vec2(i & 1, i >> 1);
    float value = cell(corner + side);
    vec2 share = mix(1.0 - along, along, side);
    if (is_missing(value) || share.x * share.y == 0.0) continue;
    sum += share.x * share.y * value;
    weights += share.x * share.y;
  }
  return weights > 0.0 ? sum / weights : uintBitsToFloat(0x7fc00000u);
}

float place_in_range(float value) {
  if (value >= style.high) return 1.0;
  if (value <= style.low) return 0.0;
  float place = (0.5 * value - 0.5 * style.low) / (0.5 * style.high - 0.5 * style.low);
  return place > 0.0 ? min(place, 1.0) : 0.0;
}

int band_of(float value) {
  return int(place_in_range(value) * float(style.contour_levels + 1));
}

bool crosses(float value, float neighbour) {
  return !is_missing(neighbour) && band_of(neighbour) != band_of(value);
}

void main() {
  vec2 pixel = floor(gl_FragCoord.xy);
  float value = value_under(pixel);
  if (is_missing(value)) {
    float opacity = style.fading != 0 ? 0.0 : style.opacity;
    colour = vec4(texelFetch(tables, ivec2(0, textureSize(tables, 0).y - 1), 0).rgb, opacity);
    return;
  }
  vec3 shown = texelFetch(tables, ivec2(int(place_in_range(value) * 255.0 + 0.5), style.table), 0).rgb;
  if (kContour &&
      (crosses(value, value_under(pixel + vec2(1, 0))) || crosses(value, value_under(pixel + vec2(0, 1))))) {
    float luma = dot(shown, vec3(0.299, 0.587, 0.114));
    shown = mix(shown, vec3(luma < 128.0 / 255.0 ? 1.0 : 0.0), 0.6);
  }
  colour = vec4(shown, style.fading != 0 ? style.opacity * place_in_range(value) : style.opacity);
}
