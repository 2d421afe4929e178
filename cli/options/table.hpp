#pragma once

#include <array>
#include <span>
#include <string_view>

#include "cli/options/option.hpp"

/// The table of options: every option once, then what each command takes.
namespace cli {

inline constexpr auto kApis =
    std::to_array<std::string_view>({"auto", "invoke", "converse", "mantle"});
inline constexpr auto kLintModes = std::to_array<std::string_view>({"off", "refuse", "repair"});
inline constexpr auto kCapabilities = std::to_array<std::string_view>(
    {"tools", "vision", "streaming", "reasoning", "caching", "chat", "embedding"});
inline constexpr auto kShells = std::to_array<std::string_view>({"bash", "zsh", "fish"});

inline constexpr Option kHelp{.name = "--help",
                              .short_form = "-h",
                              .help = "Print this help and exit",
                              .group = Group::output,
                              .kind = Kind::flag};

// The prompt.

inline constexpr Option kPrompt{.name = "prompt",
                                .argument = "PROMPT",
                                .help = "The prompt; several words are joined with spaces",
                                .may_repeat = true};
inline constexpr Option kSystem{.name = "--system",
                                .short_form = "-s",
                                .argument = "TEXT",
                                .help = "System prompt",
                                .group = Group::prompt};
inline constexpr Option kAttach{
    .name = "--attach",
    .short_form = "-a",
    .argument = "FILE",
    .help = "Image, document, video or audio file to send; may be repeated",
    .group = Group::prompt,
    .completes = Completes::file,
    .may_repeat = true};
inline constexpr Option kTools{.name = "--tools",
                               .argument = "FILE",
                               .help = "JSON file with tools that the model may call",
                               .group = Group::prompt,
                               .completes = Completes::file};

// The completion.

inline constexpr Option kTemperature{.name = "--temperature",
                                     .short_form = "-t",
                                     .argument = "NUMBER",
                                     .help = "Randomness, 0.0 to 1.0",
                                     .group = Group::completion,
                                     .kind = Kind::real};
inline constexpr int kStandardMaxTokens = 8192;
inline constexpr Option kMaxTokens{
    .name = "--max-tokens",
    .argument = "TOKENS",
    .help =
        "Maximum length of the completion, in tokens, or max for the model's own; by default 8192 "
        "and those of --reasoning, if the model can do that. Bedrock reserves them against the "
        "quota of tokens per minute",
    .group = Group::completion,
    .kind = Kind::integer_or_max};
static_assert(kMaxTokens.help.contains("8192") && kStandardMaxTokens == 8192);
inline constexpr Option kReasoning{
    .name = "--reasoning",
    .argument = "TOKENS",
    .help = "Let the model reason first, with at most this number of tokens, if it can be told one",
    .group = Group::completion,
    .kind = Kind::integer,
    .first = 1,
    .last = 1'000'000};
inline constexpr Option kTopP{.name = "--top-p",
                              .argument = "NUMBER",
                              .help = "Nucleus sampling, 0.0 to 1.0",
                              .group = Group::completion,
                              .kind = Kind::real};

// The model.

inline constexpr Option kModel{.name = "--model",
                               .short_form = "-m",
                               .argument = "ID",
                               .help = "Model id, inference profile or ARN (BEDROCK_MODEL)",
                               .group = Group::model,
                               .completes = Completes::model,
                               .may_be_empty = false};
inline constexpr Option kBaseModel{
    .name = "--base-model",
    .argument = "ID",
    .help = "Base model of an ARN or profile whose id does not name one",
    .group = Group::model,
    .completes = Completes::model,
    .may_be_empty = false};
inline constexpr Option kApi{.name = "--api",
                             .argument = "API",
                             .help = "API for the chat",
                             .group = Group::model,
                             .words = kApis,
                             .standard = "auto"};
inline constexpr Option kLint{.name = "--lint",
                              .argument = "MODE",
                              .help = "How to handle requests Bedrock would reject",
                              .group = Group::model,
                              .words = kLintModes,
                              .standard = "refuse"};
inline constexpr Option kLintOff{.name = "--lint-off",
                                 .argument = "RULE",
                                 .help = "Lint rule to disable; may be repeated",
                                 .group = Group::model,
                                 .may_repeat = true};

// The connection.

inline constexpr Option kProfile{.name = "--profile",
                                 .argument = "NAME",
                                 .help = "Profile in the shared AWS files",
                                 .group = Group::connection,
                                 .completes = Completes::profile,
                                 .may_be_empty = false};
inline constexpr Option kRegion{.name = "--region",
                                .argument = "REGION",
                                .help = "AWS region",
                                .group = Group::connection,
                                .completes = Completes::region,
                                .may_be_empty = false};
inline constexpr Option kEndpointUrl{.name = "--endpoint-url",
                                     .argument = "URL",
                                     .help = "URL of the service",
                                     .group = Group::connection,
                                     .may_be_empty = false};
inline constexpr Option kCatalogue{
    .name = "--catalogue",
    .argument = "FILE",
    .help = "JSON file that extends the built-in model catalogue (BEDROCK_CATALOGUE)",
    .group = Group::connection,
    .completes = Completes::file,
    .other_name = "--catalog",
    .may_be_empty = false};
inline constexpr Option kProject{.name = "--project",
                                 .argument = "ID",
                                 .help = "Bedrock project, by id or ARN",
                                 .group = Group::connection,
                                 .may_be_empty = false};
inline constexpr auto kLocalExcludes =
    std::to_array<std::string_view>({kProfile.name, kEndpointUrl.name});
inline constexpr Option kLocal{
    .name = "--local",
    .help = "Start a local Bedrock for this run and use it instead of AWS",
    .group = Group::connection,
    .kind = Kind::flag,
    .excludes = kLocalExcludes};

// Output.

inline constexpr Option kNoStream{.name = "--no-stream",
                                  .help = "Wait for the complete response",
                                  .group = Group::output,
                                  .kind = Kind::flag};
inline constexpr Option kJsonResponse{.name = "--json",
                                      .help = "Print the complete response as one JSON object",
                                      .group = Group::output,
                                      .kind = Kind::flag};
inline constexpr Option kJsonObject{
    .name = "--json", .help = "Print one JSON object", .group = Group::output, .kind = Kind::flag};
inline constexpr Option kJsonArray{.name = "--json",
                                   .help = "Print an array of JSON objects",
                                   .group = Group::output,
                                   .kind = Kind::flag};
inline constexpr auto kStreamJsonExcludes = std::to_array<std::string_view>({kJsonResponse.name});
inline constexpr Option kStreamJson{.name = "--stream-json",
                                    .help = "Print each event as one line of JSON",
                                    .group = Group::output,
                                    .kind = Kind::flag,
                                    .excludes = kStreamJsonExcludes};
inline constexpr Option kDebug{.name = "--debug",
                               .help = "Print settings and request details to standard error",
                               .group = Group::output,
                               .kind = Kind::flag};

// Embeddings.

inline constexpr Option kTexts{
    .name = "texts",
    .argument = "TEXT",
    .help = "Texts to embed; without any, each non-empty line of standard input",
    .may_repeat = true};
inline constexpr Option kAttachImage{.name = "--attach",
                                     .short_form = "-a",
                                     .argument = "FILE",
                                     .help = "Image file to embed; may be repeated",
                                     .group = Group::prompt,
                                     .completes = Completes::file,
                                     .may_repeat = true};
inline constexpr Option kInputType{.name = "--input-type",
                                   .argument = "PURPOSE",
                                   .help =
                                       "Purpose of the vectors: search_document, search_query, "
                                       "classification, clustering, or the model's own word",
                                   .group = Group::prompt};
inline constexpr Option kDimensions{.name = "--dimensions",
                                    .argument = "COUNT",
                                    .help = "Length of each vector",
                                    .group = Group::completion,
                                    .kind = Kind::integer};
inline constexpr Option kTruncate{.name = "--truncate",
                                  .argument = "WHERE",
                                  .help = "Where to truncate over-long text: start, end, none",
                                  .group = Group::prompt};
inline constexpr Option kNoNormalize{.name = "--no-normalize",
                                     .help = "Do not scale the vectors to length 1",
                                     .group = Group::completion,
                                     .kind = Kind::flag};

// Listing models.

inline constexpr Option kFilter{
    .name = "filter", .argument = "FILTER", .help = "Part of an id, name or provider"};
inline constexpr Option kProvider{.name = "--provider",
                                  .argument = "NAME",
                                  .help = "Part of the provider's name",
                                  .group = Group::selection};
inline constexpr Option kCan{
    .name = "--can",
    .argument = "CAPABILITIES",
    .help = "Only models with all of these capabilities, with commas between them",
    .group = Group::selection,
    .words = kCapabilities,
    .may_repeat = true,
    .is_list = true};
inline constexpr Option kOnline{.name = "--online",
                                .help =
                                    "Ask the service which models and inference profiles the "
                                    "region has (implied by --local and --endpoint-url)",
                                .group = Group::selection,
                                .kind = Kind::flag};
inline constexpr Option kAll{
    .name = "--all",
    .help = "Include models past their end of life and models that the region does not have",
    .group = Group::selection,
    .kind = Kind::flag};

// Lint.

inline constexpr Option kRequestFile{.name = "file",
                                     .argument = "FILE",
                                     .help = "JSON file with the request; - for standard input",
                                     .completes = Completes::file};
inline constexpr Option kLintModel{.name = "--model",
                                   .short_form = "-m",
                                   .argument = "ID",
                                   .help = "Model id, if the request does not name one",
                                   .group = Group::model,
                                   .completes = Completes::model};
inline constexpr Option kLintMode{.name = "--lint",
                                  .argument = "MODE",
                                  .help = "What to do; repair also prints the repaired request",
                                  .group = Group::model,
                                  .words = kLintModes,
                                  .standard = "refuse"};
inline constexpr Option kStream{.name = "--stream",
                                .help = "Check the request as one whose response is streamed",
                                .group = Group::model,
                                .kind = Kind::flag};
inline constexpr Option kRules{.name = "--rules",
                               .help = "List all rules, each with the error text of the service",
                               .group = Group::output,
                               .kind = Kind::flag};

// API keys.

inline constexpr Option kExpires{.name = "--expires",
                                 .argument = "TIME",
                                 .help = "Lifetime: a number of s, m or h, at most 12h",
                                 .group = Group::output,
                                 .kind = Kind::duration,
                                 .standard = "12h"};

// The local Bedrock.

inline constexpr Option kPort{.name = "--port",
                              .argument = "PORT",
                              .help = "Port to listen on; 0 picks a free one",
                              .group = Group::server,
                              .kind = Kind::integer,
                              .standard = "0",
                              .last = 65'535};
inline constexpr Option kAddress{
    .name = "--address",
    .argument = "IP",
    .help = "IP address to listen on; a non-loopback address is reachable by others",
    .group = Group::server,
    .standard = "127.0.0.1"};
inline constexpr Option kScript{.name = "--script",
                                .argument = "FILE",
                                .help = "JSON file with completions to return and faults to inject",
                                .group = Group::server,
                                .completes = Completes::file};
inline constexpr Option kCredentialsFile{
    .name = "--credentials-file",
    .argument = "FILE",
    .help = "File with more credentials to accept, like AWS's shared credentials file",
    .group = Group::server,
    .completes = Completes::file};
inline constexpr Option kJournalBodies{
    .name = "--journal-bodies",
    .help = "Keep request and response bodies, which contain prompts and completions",
    .group = Group::server,
    .kind = Kind::flag};
inline constexpr Option kNoAuth{.name = "--no-auth",
                                .help = "Do not verify signatures",
                                .group = Group::server,
                                .kind = Kind::flag};
inline constexpr Option kModelAlias{
    .name = "--model-alias",
    .argument = "ID=BASE",
    .help = "Serve BASE under another id or ARN, too; may be repeated",
    .group = Group::server,
    .may_repeat = true};
inline constexpr Option kAnyRegion{
    .name = "--any-region",
    .help = "Serve inference profiles of any geography in any region",
    .group = Group::server,
    .kind = Kind::flag};
inline constexpr Option kEndOfLife{.name = "--end-of-life",
                                   .help = "Refuse models past their end of life",
                                   .group = Group::server,
                                   .kind = Kind::flag};
inline constexpr Option kHeadDelay{
    .name = "--head-delay",
    .argument = "MILLISECONDS",
    .help = "Milliseconds before the head of a stream; with 0, some clients lose streams",
    .group = Group::server,
    .kind = Kind::integer,
    .standard = "5",
    .last = 60'000};
inline constexpr auto kTlsExcludes = std::to_array<std::string_view>({"--tls-cert"});
inline constexpr Option kTls{.name = "--tls",
                             .help = "Serve TLS with a self-signed certificate, made for this run",
                             .group = Group::tls,
                             .kind = Kind::flag,
                             .excludes = kTlsExcludes};
inline constexpr Option kTlsCert{.name = "--tls-cert",
                                 .argument = "FILE",
                                 .help = "PEM file with a certificate; enables TLS",
                                 .group = Group::tls,
                                 .completes = Completes::file};
inline constexpr Option kTlsKey{
    .name = "--tls-key",
    .argument = "FILE",
    .help = "PEM file with the private key; by default the certificate's file",
    .group = Group::tls,
    .completes = Completes::file,
    .needs = kTlsCert.name};

// Completions.

inline constexpr Option kShell{
    .name = "shell", .argument = "SHELL", .help = "The shell that reads it", .words = kShells};

}  // namespace cli
