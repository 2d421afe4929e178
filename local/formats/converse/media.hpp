#pragma once

#include <string>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks an `image` block: whether the model accepts images, the format, the size in bytes and the
/// dimensions. `at` is the place of the block, e.g. `messages.0.content.1`. An image in S3 is not
/// fetched and has no dimensions.
/// Source: recorded refusals; Anthropic vision limits.
[[nodiscard]] Checked<Image> read_converse_image(const json::Value& image, const std::string& at,
                                                 const Model& model, std::uint32_t max_pixels);

/// Checks the name, the source and the size of a `document` block.
/// Source: recorded refusals; botocore, DocumentBlock.
[[nodiscard]] Checked<void> check_converse_document(const json::Value& document,
                                                    const std::string& at, const Model& model);

/// Refuses a `video` or `audio` block, named by `kind`, for a model that does not accept it.
[[nodiscard]] Checked<void> check_converse_clip(std::string_view kind, const Model& model);

/// `The format of the value at messages.0.content.0.toolUse.input is invalid. …`
/// Source: reported refusals.
[[nodiscard]] std::unexpected<Refusal> not_an_object(const std::string& place);

/// A refusal by the model itself, with the prefix that Converse adds.
[[nodiscard]] std::unexpected<Refusal> refused_by_model(const std::string& message);
/// The same for the refusal in `checked`, if there is one.
[[nodiscard]] Checked<void> as_refused_by_model(const Checked<void>& checked);

}  // namespace llm::local
