#include "app/fonts.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/log.h"

namespace app {
namespace {

// Where distributions put them; the first that exists is taken.
constexpr std::array kFolders = {"/usr/share/fonts/opentype/inter", "/usr/share/fonts/truetype/inter",
                                 "/usr/share/fonts/inter", "/usr/share/fonts/rsms-inter-fonts",
                                 "/usr/local/share/fonts/inter"};
constexpr std::array kExtensions = {".otf", ".ttf"};
constexpr const char* kSymbols = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
constexpr ImWchar kDigits[] = {'0', '9', 0};

bool is_file(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(file, ignored);
}

std::string inter(const char* weight) {
  for (const char* folder : kFolders)
    for (const char* extension : kExtensions)
      if (const auto file = std::filesystem::path(folder) / (std::string("Inter-") + weight + extension); is_file(file))
        return file.string();
  return {};
}

ImFontConfig named(const char* name) {
  ImFontConfig config;
  std::snprintf(config.Name, sizeof(config.Name), "%s", name);
  return config;
}

float widest_digit(const std::string& file) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  ImFont* probe = atlas.AddFontFromFileTTF(file.c_str(), ui::kTextSize);
  ImFontBaked* baked = probe->GetFontBaked(ui::kTextSize);
  float widest = 0.0F;
  for (ImWchar digit = '0'; digit <= '9'; ++digit) widest = std::max(widest, baked->GetCharAdvance(digit));
  atlas.RemoveFont(probe);
  return widest;
}

// Numbers that change must not make the text beside them dance: the letters come without digits, and the digits are
// merged in with one advance for all.
ImFont* with_tabular_digits(const std::string& file, const char* name) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  const float advance = widest_digit(file);
  ImFontConfig letters = named(name);
  letters.GlyphExcludeRanges = kDigits;
  ImFont* font = atlas.AddFontFromFileTTF(file.c_str(), ui::kTextSize, &letters);
  ImFontConfig digits = named(name);
  digits.MergeMode = true;
  digits.GlyphMinAdvanceX = advance;
  digits.GlyphMaxAdvanceX = advance;
  atlas.AddFontFromFileTTF(file.c_str(), ui::kTextSize, &digits);
  return font;
}

void merge_symbols() {
  if (!is_file(kSymbols)) return;
  ImFontConfig symbols = named("symbols");
  symbols.MergeMode = true;
  ImGui::GetIO().Fonts->AddFontFromFileTTF(kSymbols, ui::kTextSize, &symbols);
}

}  // namespace

ui::Fonts load_fonts() {
  const std::string regular = inter("Regular");
  const std::string semibold = inter("SemiBold");
  if (regular.empty() || semibold.empty()) {
    base::log_warning("The font Inter was not found: another one is used. Install it (on Debian: fonts-inter).");
    ImFont* own = is_file(kSymbols) ? with_tabular_digits(kSymbols, "text") : ImGui::GetIO().Fonts->AddFontDefault();
    return {own, own};
  }
  ui::Fonts fonts;
  fonts.text = with_tabular_digits(regular, "text");
  merge_symbols();
  fonts.strong = with_tabular_digits(semibold, "strong");
  merge_symbols();
  return fonts;
}

}  // namespace app
