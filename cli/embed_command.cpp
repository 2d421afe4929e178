#include <fmt/format.h>

#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "arguments.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "input_file.hpp"
#include "interrupt.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

struct EmbedOptions {
  ConnectionOptions connection;
  std::vector<std::string> texts;
  std::vector<std::string> images;
  std::string input_type;
  std::optional<int> dimensions;
  std::string truncate;
  bool no_normalize = false;
  bool json = false;

  void add_to(CLI::App& app) {
    connection.add_model_to(app);
    add_words(app, "texts", texts,
              "Texts, a vector each; without one, each line that is piped in and not empty");
    app.add_option("-a,--attach", images, "Image, a vector each; may be repeated")
        ->allow_extra_args(false);
    app.add_option("--input-type", input_type,
                   "What for: search_document, search_query, classification, clustering, or the "
                   "model's own word");
    app.add_option("--dimensions", dimensions, "Length of a vector");
    app.add_option("--truncate", truncate, "Of a text that is too long, cut off: start, end, none");
    app.add_flag("--no-normalize", no_normalize, "Leave the vectors' length as the model has it");
    app.add_flag("--json", json, "Print the whole response as one JSON object");
  }
};

std::vector<llm::EmbeddingInput> lines_of(const std::string& text) {
  std::vector<llm::EmbeddingInput> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.emplace_back(std::move(line));
  }
  return lines;
}

llm::Result<llm::EmbeddingRequest> request_of(const EmbedOptions& options) {
  llm::EmbeddingRequest request{.input_type = options.input_type,
                                .dimensions = options.dimensions,
                                .truncate = options.truncate};
  if (options.no_normalize) request.normalize = false;
  request.inputs.assign(options.texts.begin(), options.texts.end());
  for (const std::string& path : options.images) {
    auto image = llm::image_from_file(path);
    if (!image) return std::unexpected(std::move(image.error()));
    request.inputs.emplace_back(std::move(*image));
  }
  if (request.inputs.empty()) {
    const auto piped = piped_input();
    if (!piped) return std::unexpected(piped.error());
    request.inputs = lines_of(*piped);
  }
  if (!request.inputs.empty()) return request;
  return std::unexpected(llm::make_error(llm::ErrorCode::configuration_error,
                                         "Nothing to embed: give texts, or pipe lines in."));
}

/// A vector a line, as JSON.
std::string as_lines(const llm::EmbeddingResponse& response) {
  std::string lines;
  for (const std::vector<double>& embedding : response.embeddings) {
    lines += fmt::format("[{}]\n", fmt::join(embedding, ","));
  }
  return lines;
}

}  // namespace

ExitCode embed_command(std::span<const std::string> arguments) {
  EmbedOptions options;
  CLI::App app("Make a vector of each text or image; one a line, as JSON.", "bedrock embed");
  options.add_to(app);
  if (const auto ended = parse(app, arguments)) return *ended;
  const Style style = options.json ? Style::json : Style::text;

  if (options.connection.model.empty()) {
    return fail(llm::make_error(llm::ErrorCode::configuration_error,
                                "Name the model with --model: vectors of different models cannot "
                                "be compared, so there is no default. `bedrock models embed` "
                                "lists them."),
                style);
  }
  const auto request = request_of(options);
  if (!request) return fail(request.error(), style);
  const auto connection = Connection::open(options.connection);
  if (!connection) return fail(connection.error(), style);
  const auto client = connection->client();
  if (!client) return fail(client.error(), style);
  Interrupt interrupt;
  const auto response = client->embed(*request, {.stop = interrupt.arm()});
  if (!response) return fail(response.error(), style);

  if (!options.json) {
    for (const llm::Warning& warning : response->warnings) warn(warning.message);
  }
  return print(options.json ? llm::to_json(*response) + '\n' : as_lines(*response), style);
}

}  // namespace cli
