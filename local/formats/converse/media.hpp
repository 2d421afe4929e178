#pragma once

#include <string>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks an `image` block: that the model takes images, and that the bytes are of that format and
/// not too large, in pixels of either side too. `at` is where the block stands, e.g.
/// `messages.0.content.1`. An image in S3 is not fetched and has no size. Source: recorded
/// refusals; Anthropic vision limits.
[[nodiscard]] Checked<Picture> read_converse_image(const json::Value& image, const std::string& at,
                                                   const Model& model, std::uint32_t max_pixels);

/// Checks the name, the source and the size of a `document` block.
/// Source: recorded refusals; botocore, DocumentBlock.
[[nodiscard]] Checked<void> check_converse_document(const json::Value& document,
                                                    const std::string& at, const Model& model);

/// Refuses a `video` or `audio` block, named by `kind`, for a model that does not take it.
[[nodiscard]] Checked<void> check_converse_clip(std::string_view kind, const Model& model);

/// `The format of the value at messages.0.content.0.toolUse.input is invalid. …`
/// Source: reported refusals.
[[nodiscard]] std::unexpected<Refusal> not_an_object(const std::string& place);

/// What Converse puts before a refusal that comes from the model itself.
[[nodiscard]] std::unexpected<Refusal> refused_by_model(const std::string& message);

}  // namespace llm::local
