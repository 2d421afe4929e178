#pragma once

#include <string_view>

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// ListInferenceProfiles: the system-defined profiles of `region`, filtered by `type` and in pages
/// of `maxResults`. There are no application profiles.
[[nodiscard]] Checked<Reply> list_inference_profiles(std::string_view query,
                                                     std::string_view region);

/// GetInferenceProfile for the id or the ARN of a profile of `region`.
[[nodiscard]] Checked<Reply> get_inference_profile(std::string_view identifier,
                                                   std::string_view region);

}  // namespace llm::local
