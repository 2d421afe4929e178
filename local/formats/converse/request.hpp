#pragma once

#include "json/reader.hpp"
#include "local/formats/delivery.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks a Converse body as Bedrock does and reads the prompt. The result holds views into `body`.
/// Source: refusals as recorded or reported in public issues; Bedrock API Reference, "Converse".
[[nodiscard]] Checked<Prompt> read_converse(const json::Value& body, const Model& model,
                                            Delivery delivery);

/// The same without the check of the shape.
/// Requires: check_shape accepts the body.
[[nodiscard]] Checked<Prompt> read_checked_converse(const json::Value& body, const Model& model,
                                                    Delivery delivery);

}  // namespace llm::local
