// Checks HTTP/2 and TLS of the local Bedrock with libcurl.

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <llm/local/server.hpp>

#include "tests/support/self_signed.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm::local {
namespace {

using test_support::KeyPair;
using test_support::self_signed;
using test_support::TemporaryDirectory;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kInvoke = "/model/amazon.titan-text-lite-v1/invoke";
constexpr const char* kStream = "/model/amazon.titan%2Dtext-lite-v1/invoke-with-response-stream";

/// One request of libcurl and its outcome.
class Exchange {
 public:
  Exchange(const Server& server, const char* path, long version)
      : url_(server.url() + path), easy_(curl_easy_init()) {
    curl_easy_setopt(easy(), CURLOPT_URL, url_.c_str());
    curl_easy_setopt(easy(), CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy(), CURLOPT_HTTP_VERSION, version);
    curl_easy_setopt(easy(), CURLOPT_POSTFIELDS, R"({"inputText":"Why?"})");
    curl_easy_setopt(easy(), CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy(), CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(easy(), CURLOPT_WRITEFUNCTION, keep);
  }

  void trust(const KeyPair& pair) {
    curl_blob blob{.data = const_cast<char*>(pair.certificate_pem.data()),
                   .len = pair.certificate_pem.size(),
                   .flags = CURL_BLOB_COPY};
    curl_easy_setopt(easy(), CURLOPT_CAINFO_BLOB, &blob);
  }

  CURLcode perform() { return curl_easy_perform(easy()); }

  CURL* easy() const { return easy_.get(); }
  long status() const { return number(CURLINFO_RESPONSE_CODE); }
  long version() const { return number(CURLINFO_HTTP_VERSION); }

  std::string body;

 private:
  struct Cleanup {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };

  static std::size_t keep(char* bytes, std::size_t, std::size_t size, std::string* into) {
    into->append(bytes, size);
    return size;
  }

  long number(CURLINFO what) const {
    long value = 0;
    curl_easy_getinfo(easy(), what, &value);
    return value;
  }

  std::string url_;
  std::unique_ptr<CURL, Cleanup> easy_;
};

constexpr long kStreams = 1000;

/// Runs several exchanges at once. They must outlive this object.
class Transfers {
 public:
  Transfers() { curl_multi_setopt(multi_.get(), CURLMOPT_MAX_CONCURRENT_STREAMS, kStreams); }
  ~Transfers() {
    for (CURL* easy : added_) curl_multi_remove_handle(multi_.get(), easy);
  }
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  void add(const Exchange& exchange) {
    added_.push_back(exchange.easy());
    curl_multi_add_handle(multi_.get(), exchange.easy());
  }

  /// Runs until `done`, or until no exchange is running.
  template <typename Predicate>
  void run(Predicate done) {
    int running = 1;
    while (running > 0 && !done()) {
      curl_multi_perform(multi_.get(), &running);
      if (running > 0) curl_multi_poll(multi_.get(), nullptr, 0, 100, nullptr);
    }
  }

  /// The result of the first exchange to end.
  CURLcode result() {
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
    return message == nullptr ? CURLE_OK : message->data.result;
  }

 private:
  struct Cleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  std::unique_ptr<CURLM, Cleanup> multi_{curl_multi_init()};
  std::vector<CURL*> added_;
};

ServerOptions open_options() {
  ServerOptions options;
  options.verify_signatures = false;
  return options;
}

/// A folder with a certificate and its key, in two files and in one.
class PemFiles {
 public:
  PemFiles() {
    test_support::write_file(certificate(), pair.certificate_pem);
    test_support::write_file(key(), pair.key_pem);
    test_support::write_file(both(), pair.key_pem + pair.certificate_pem);
  }

  std::string certificate() const { return folder_.path() / "certificate.pem"; }
  std::string key() const { return folder_.path() / "key.pem"; }
  std::string both() const { return folder_.path() / "both.pem"; }

  const KeyPair pair = self_signed("IP:127.0.0.1");

 private:
  TemporaryDirectory folder_;
};

TEST(LocalHttp2, serves_libcurl_with_prior_knowledge) {
  const auto server = Server::start(open_options());
  ASSERT_TRUE(server);
  Exchange whole(*server, kInvoke, CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE);
  Exchange stream(*server, kStream, CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE);

  ASSERT_EQ(whole.perform(), CURLE_OK);
  ASSERT_EQ(stream.perform(), CURLE_OK);

  EXPECT_EQ(whole.version(), CURL_HTTP_VERSION_2_0);
  EXPECT_EQ(whole.status(), 200);
  EXPECT_THAT(whole.body, StartsWith(R"({"inputTextTokenCount":1)"));
  EXPECT_EQ(stream.version(), CURL_HTTP_VERSION_2_0);
  EXPECT_THAT(stream.body, HasSubstr(":event-type"));
}

TEST(LocalTls, speaks_the_protocol_that_alpn_selects) {
  const PemFiles files;
  ServerOptions options = open_options();
  options.tls_certificate = files.certificate();
  options.tls_private_key = files.key();
  const auto server = Server::start(std::move(options));
  ASSERT_TRUE(server) << server.error().message;
  for (const long version : {CURL_HTTP_VERSION_2TLS, CURL_HTTP_VERSION_1_1}) {
    for (const char* path : {kInvoke, kStream}) {
      Exchange exchange(*server, path, version);
      exchange.trust(files.pair);

      ASSERT_EQ(exchange.perform(), CURLE_OK) << version << path;

      EXPECT_EQ(exchange.status(), 200);
      EXPECT_EQ(exchange.version(),
                version == CURL_HTTP_VERSION_1_1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2_0);
    }
  }
  EXPECT_THAT(server->url(), StartsWith("https://127.0.0.1:"));
}

TEST(LocalTls, takes_certificate_and_key_from_one_file) {
  const PemFiles files;
  ServerOptions options = open_options();
  options.tls_certificate = files.both();
  const auto server = Server::start(std::move(options));
  ASSERT_TRUE(server) << server.error().message;
  Exchange trusting(*server, kInvoke, CURL_HTTP_VERSION_2TLS);
  trusting.trust(files.pair);
  Exchange doubting(*server, kInvoke, CURL_HTTP_VERSION_2TLS);

  EXPECT_EQ(trusting.perform(), CURLE_OK);
  EXPECT_EQ(doubting.perform(), CURLE_PEER_FAILED_VERIFICATION);
}

// With TLS: libcurl 7.88 cannot reuse a cleartext connection (curl pull request 10643).
TEST(LocalTls, serves_a_thousand_streams_of_libcurl_on_one_connection) {
  const PemFiles files;
  ServerOptions options = open_options();
  options.tls_certificate = files.both();
  options.pace = std::chrono::milliseconds(5);
  const auto server = Server::start(std::move(options));
  ASSERT_TRUE(server);
  Transfers transfers;
  std::vector<std::unique_ptr<Exchange>> exchanges;
  const auto begin_another = [&] {
    exchanges.push_back(std::make_unique<Exchange>(*server, kStream, CURL_HTTP_VERSION_2TLS));
    exchanges.back()->trust(files.pair);
    transfers.add(*exchanges.back());
  };
  // Until the settings of the server arrive, libcurl opens at most 100 streams on a connection.
  begin_another();
  transfers.run([&] { return exchanges.front()->status() != 0; });
  while (std::ssize(exchanges) < kStreams) begin_another();

  transfers.run([] { return false; });

  for (const auto& exchange : exchanges) {
    ASSERT_EQ(exchange->status(), 200);
    ASSERT_EQ(exchange->body.size(), exchanges.front()->body.size());
  }
  EXPECT_THAT(exchanges.front()->body, HasSubstr(":event-type"));
  EXPECT_EQ(server->counts().connections, 1U);
}

TEST(LocalTls, leaves_a_running_stream_unfinished_when_it_stops) {
  const PemFiles files;
  for (const long version : {CURL_HTTP_VERSION_1_1, CURL_HTTP_VERSION_2TLS}) {
    ServerOptions options = open_options();
    options.tls_certificate = files.both();
    options.pace = std::chrono::hours(1);
    auto server = Server::start(std::move(options));
    ASSERT_TRUE(server) << server.error().message;
    Exchange exchange(*server, kStream, version);
    exchange.trust(files.pair);
    Transfers transfers;
    transfers.add(exchange);

    transfers.run([&] { return exchange.status() != 0; });
    server->stop();
    transfers.run([] { return false; });

    EXPECT_EQ(exchange.status(), 200);
    EXPECT_NE(transfers.result(), CURLE_OK);
  }
}

TEST(LocalTls, refuses_files_that_it_cannot_use) {
  const PemFiles files;
  const PemFiles others;
  const std::vector<std::array<std::string, 3>> cases{
      {"/nowhere/certificate.pem", "", "The TLS certificate in \"/nowhere/certificate.pem\""},
      {files.key(), files.key(), "The TLS certificate in"},
      {files.certificate(), "", "The TLS private key in"},
      {files.certificate(), others.key(), "The TLS private key in"}};
  for (const auto& [certificate, key, expected] : cases) {
    ServerOptions options;
    options.tls_certificate = certificate;
    options.tls_private_key = key;

    const auto server = Server::start(std::move(options));

    ASSERT_FALSE(server) << certificate << key;
    EXPECT_EQ(server.error().code, ErrorCode::configuration_error);
    EXPECT_THAT(server.error().message, HasSubstr(expected));
  }
}

}  // namespace
}  // namespace llm::local
