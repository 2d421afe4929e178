#!/usr/bin/env bash
# Ruby's aws-eventstream: Decoder#decode reads the whole of a saved stream and
# gives back its first frame alone. The other frames are dropped without an
# error: with a block it is called once; without one the enumerator yields one
# [message, eof] pair in place of messages. A stream that is cut inside its
# first frame gives nil, and no error either.
# For whom: tools in Ruby that read recorded ConverseStream bodies (from a file,
# a cache, a test fixture): an answer shrinks to its messageStart.
# Package: ruby-aws-eventstream 1.2.0-1 (Debian), the gem aws-eventstream 1.2.0
# Date: 2026-11-30
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

# The packages are unpacked here, not installed. (Ruby itself is not pinned.)
apt-get download -q ruby-aws-eventstream=1.2.0-1 ruby3.1 libruby3.1 > install.log 2>&1 || { cat install.log; exit 2; }
for package in *.deb; do dpkg -x "$package" root; done
libraries=$(dirname "$(find root -name 'libruby-3.1.so.3.1')")

cat > finding.rb <<'EOF'
require 'aws-eventstream'
require 'json'
include Aws::EventStream

events = [
  ['messageStart', { role: 'assistant' }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hel' } }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'lo' } }],
  ['messageStop', { stopReason: 'end_turn' }],
  ['metadata', { usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 }, metrics: { latencyMs: 9 } }]
]
frames = events.map do |name, body|
  headers = { ':event-type' => name, ':content-type' => 'application/json', ':message-type' => 'event' }
  typed = headers.transform_values { |text| HeaderValue.new(type: 'string', value: text) }
  Encoder.new.encode(Message.new(headers: typed, payload: StringIO.new(body.to_json)))
end
stream = frames.join.b
name = ->(message) { message && message.headers[':event-type'].value }

puts "fed:  a ConverseStream body of #{frames.size} frames, #{stream.bytesize} bytes: #{events.map(&:first).join(', ')}"
input = StringIO.new(stream)
seen = []
Decoder.new.decode(input) { |message| seen << name.(message) }
puts "seen, decode(io) with a block:  called #{seen.size} time(s): #{seen.inspect}; #{input.pos} bytes of the input consumed"
items = Decoder.new.decode(StringIO.new(stream)).to_a
puts "seen, decode(io) as enumerator: #{items.size} item(s), of class #{items[0].class}: [#{name.(items[0][0])}, #{items[0][1]}]"
cut = []
Decoder.new.decode(StringIO.new(stream[0, frames[0].bytesize - 1])) { |message| cut << message }
puts "seen, first frame short of a byte: the block is called with #{cut.inspect}, no error"
decoder = Decoder.new
all = []
message, at_end = decoder.decode_chunk(stream)
while message
  all << name.(message)
  message, at_end = at_end ? [nil, true] : decoder.decode_chunk
end
puts "(beside: decode_chunk in a loop finds #{all.size} frames: #{all.join(', ')})"
puts 'expected: five messages, as the comments of the class promise ("decodes messages from an IO like object";'
puts '    "Returns a new Enumerable containing decoded messages"), and an error for half a frame.'
unless seen == ['messageStart'] && items.size == 1 && items[0].is_a?(Array) && cut == [nil] && all.size == 5
  puts 'changed: decode(io) no longer stops after the first frame'
  exit 1
end
EOF
echo "ruby-aws-eventstream $(dpkg-deb -f ruby-aws-eventstream_*.deb Version), Ruby package $(dpkg-deb -f ruby3.1_*.deb Version)"
env -i PATH="$PATH" HOME="$tmp" LANG=C.UTF-8 LD_LIBRARY_PATH="$libraries" root/usr/bin/ruby3.1 --disable-gems \
  -I root/usr/lib/ruby/3.1.0 -I root/usr/lib/ruby/vendor_ruby -I "$libraries/ruby/3.1.0" \
  finding.rb
