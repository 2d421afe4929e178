#pragma once

#include <memory>
#include <string>

#include <llm/transport.hpp>

namespace llm::http {

struct TransportCore;

/// Options of the libcurl transport.
struct CurlOptions {
  std::string ca_bundle{};   ///< PEM file; empty: the system's bundle.
  std::string user_agent{};  ///< Empty: no User-Agent is sent.
};

/// HTTP/1.1 over libcurl: a pool of multi handles, each with its connections, used by one exchange
/// at a time on the caller's thread. TLS 1.2 or later, always verified. No signals, cookies, netrc,
/// redirects or decompression.
[[nodiscard]] std::shared_ptr<const Transport> curl_transport(CurlOptions options = {});

/// What the exchanges of such a transport share; null for any other transport.
[[nodiscard]] std::shared_ptr<TransportCore> core_of(const Transport& transport);

}  // namespace llm::http
