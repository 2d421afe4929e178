#pragma once

#include <string_view>

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// ListInferenceProfiles: the system-defined profiles that Bedrock has in `region`, in pages when
/// `maxResults` asks for them; `type` narrows them. There are no application profiles.
[[nodiscard]] Checked<Reply> list_inference_profiles(std::string_view query,
                                                     std::string_view region);

/// GetInferenceProfile for the id or the ARN of a profile of `region`.
[[nodiscard]] Checked<Reply> get_inference_profile(std::string_view identifier,
                                                   std::string_view region);

}  // namespace llm::local
