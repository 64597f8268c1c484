// Where a user's files belong, by the XDG base directory rules. Any thread.
#pragma once
#include <filesystem>

namespace data {

// $variable/unitscope, else ~/fallback/unitscope, else (no home) a folder of that name where temporary files go.
std::filesystem::path user_folder(const char* variable, const char* fallback);

// $UNITSCOPE_MODELS, else the folder models of the user's data: where scripts/fetch_models.sh puts what it fetched.
std::filesystem::path models_folder();

}  // namespace data
