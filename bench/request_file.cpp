#include "bench/request_file.hpp"

#include <fstream>
#include <iterator>

namespace bench {

RawRequest read_request(const std::string& file) {
  RawRequest request;
  std::ifstream input(file, std::ios::binary);
  request.bytes.assign(std::istreambuf_iterator<char>(input), {});
  const std::string_view bytes = request.bytes;
  const std::size_t head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return {};
  request.body = bytes.substr(head_end + 4);

  std::size_t line_start = bytes.find("\r\n") + 2;
  const std::string_view first_line = bytes.substr(0, line_start - 2);
  const std::size_t path_start = first_line.find(' ') + 1;
  request.path = first_line.substr(path_start, first_line.rfind(' ') - path_start);
  while (line_start < head_end) {
    const std::size_t line_end = bytes.find("\r\n", line_start);
    const std::string_view line = bytes.substr(line_start, line_end - line_start);
    if (!line.starts_with("Content-Length:")) request.headers.emplace_back(line);
    line_start = line_end + 2;
  }
  return request;
}

}  // namespace bench
