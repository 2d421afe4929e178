#!/usr/bin/env bash
# A frame with a header of type 9 (UUID), written by the Go SDK's codec, is read
# by Ruby's codec as another UUID: it turns round the bytes of the first three
# groups. Sent on by Ruby (decode, then encode), the header is written as 36
# characters in a field of 16 bytes, under right checksums: Go cannot read it.
# A timestamp header (type 8) loses a millisecond and cannot be sent on at all.
# For whom: proxies, recorders and test servers that pass event-stream frames on,
# and whoever compares ids between logs of a Go and a Ruby program.
# Packages: github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream v1.7.27 and
#           ruby-aws-eventstream 1.2.0-1 (Debian; the gem aws-eventstream 1.2.0)
# Date: 2026-11-30
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export GOFLAGS=-modcacherw

cat > main.go <<'EOF'
package main

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
)

func main() {
	if os.Args[1] == "write" {
		id := eventstream.UUIDValue{0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}
		for file, value := range map[string]eventstream.Value{"uuid.bin": id, "time.bin": eventstream.TimestampValue(time.UnixMilli(1764460800123))} {
			message := eventstream.Message{Payload: []byte("{}")}
			message.Headers.Set(":message-type", eventstream.StringValue("event"))
			message.Headers.Set("value", value)
			var frame bytes.Buffer
			if err := eventstream.NewEncoder().Encode(&frame, message); err != nil {
				panic(err)
			}
			if err := os.WriteFile(file, frame.Bytes(), 0o600); err != nil {
				panic(err)
			}
		}
		return
	}
	data, err := os.ReadFile(os.Args[2])
	if err != nil {
		panic(err)
	}
	message, err := eventstream.NewDecoder().Decode(bytes.NewReader(data), nil)
	if err != nil {
		fmt.Println("error:", err)
		return
	}
	fmt.Println(message.Headers.Get("value"))
}
EOF
cat > read.rb <<'EOF'
require 'aws-eventstream'
include Aws::EventStream
message, = Decoder.new.decode_chunk(File.binread(ARGV[0]))
puts message.headers['value'].value.then { |value| value.is_a?(Time) ? value.utc.strftime('%F %T.%L') : value }
begin
  File.binwrite(ARGV[1], Encoder.new.encode(message))
rescue StandardError => e
  puts "#{e.class}: #{e.message}"
end
EOF
{
  go mod init example.com/finding
  go get github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream@v1.7.27
  go mod tidy
  apt-get download -q ruby-aws-eventstream=1.2.0-1 ruby3.1 libruby3.1
} > install.log 2>&1 || { cat install.log; exit 2; }
go build -o codec .
for package in *.deb; do dpkg -x "$package" root; done
libraries=$(dirname "$(find root -name 'libruby-3.1.so.3.1')")
ruby() {
  env -i PATH="$PATH" HOME="$tmp" LANG=C.UTF-8 TZ=UTC LD_LIBRARY_PATH="$libraries" root/usr/bin/ruby3.1 --disable-gems \
    -I root/usr/lib/ruby/3.1.0 -I root/usr/lib/ruby/vendor_ruby -I "$libraries/ruby/3.1.0" "$@"
}

go list -m github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream
echo "ruby-aws-eventstream $(dpkg-deb -f ruby-aws-eventstream_*.deb Version)"
./codec write
bytes=00112233445566778899aabbccddeeff
[ "$(od -An -v -tx1 uuid.bin | tr -d ' \n' | grep -o $bytes)" = $bytes ]
echo "fed:      a frame by Go with a UUID header; its 16 bytes on the wire: $bytes"
go_reads=$(./codec read uuid.bin)
ruby_reads=$(ruby read.rb uuid.bin again.bin)
go_again=$(./codec read again.bin 2>&1)
echo "seen:     Go reads   $go_reads"
echo "          Ruby reads $ruby_reads"
echo "          decoded and encoded again by Ruby ($(wc -c < uuid.bin) bytes become $(wc -c < again.bin)), Go says: $go_again"
echo "fed:      a frame by Go with a timestamp header, $(./codec read time.bin) ms"
ruby_time=$(ruby read.rb time.bin time-again.bin)
echo "seen:     Ruby reads and sends on: $ruby_time" | paste -sd' ' -
echo "expected: 00112233-4455-6677-8899-aabbccddeeff from both (RFC 9562, section 4: the bytes in the order of"
echo "          the text), and the same bytes again when a decoded frame is encoded."
case "$go_reads/$ruby_reads/$go_again/$ruby_time" in
  "00112233-4455-6677-8899-aabbccddeeff/33221100-5544-7766-8899-aabbccddeeff/error:"*"TypeError"*) ;;
  *) echo "changed: the two codecs now treat these headers otherwise"; exit 1 ;;
esac
