#pragma once

#include "json/reader.hpp"
#include "local/formats/delivery.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Checks a Converse body as Bedrock does and takes out what an answer needs. The result holds
/// views into `body`.
/// Source: refusals as recorded or reported in public issues; Bedrock API Reference, "Converse".
[[nodiscard]] Checked<Prompt> read_converse(const json::Value& body, const Model& model,
                                            Delivery delivery);

/// The same without the look at its shape.
/// Requires: check_shape has found nothing wrong.
[[nodiscard]] Checked<Prompt> read_conversation(const json::Value& body, const Model& model,
                                                Delivery delivery);

}  // namespace llm::local
