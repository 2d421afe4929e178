#!/usr/bin/env bash
# Three signers that take the SigV4 service from the host name, as they document,
# each sign a request to bedrock-runtime for a service that is not Bedrock's:
# curl and aws4 for "bedrock-runtime", Perl's AWS::Signature4 for "s3" in
# us-east-1, whatever region the host names. AWS asks for the signing name "bedrock".
# curl and aws4 can be told so by hand; Perl's signer takes no service name at all,
# so it can never sign for bedrock-runtime.
# For whom: shell scripts and small programs that call Bedrock without an SDK.
# Packages (Debian 12): curl 7.88.1, libaws-signature4-perl 1.02-3, node-aws4 1.11.0-2
# Date: 2026-11-30
set -euo pipefail

tmp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$tmp"' EXIT
cd "$tmp"

apt-get download -q libaws-signature4-perl=1.02-3 node-aws4=1.11.0-2 liburi-perl libhttp-message-perl \
  libhttp-date-perl libencode-locale-perl libio-html-perl liblwp-mediatypes-perl libtimedate-perl libclone-perl \
  > install.log 2>&1 || { cat install.log; exit 2; }
for package in *.deb; do dpkg -x "$package" root; done
arch=$(dirname "$(find root -name Clone.pm)")
curl --version | head -n 1 | cut -d' ' -f1,2
for package in libaws-signature4-perl node-aws4; do echo "$package $(dpkg-deb -f ${package}_*.deb Version)"; done

cat > server.py <<'EOF'
# Answers three requests on a free port of 127.0.0.1, or ends after 20 seconds.
import http.server, time

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        print(self.headers["Authorization"], flush=True)
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
open("port", "w").write(str(server.server_port) + "\n")
server.timeout = 5
end = time.time() + 20
for _ in range(3):
    if time.time() < end:
        server.handle_request()
EOF
cat > sign.pl <<'EOF'
use AWS::Signature4;
use HTTP::Request;
my $signer = AWS::Signature4->new(-access_key => 'AKIDEXAMPLE', -secret_key => 'example');
my $request = HTTP::Request->new(POST => "https://$ARGV[0]/model/m/converse", ['Content-Type' => 'application/json'], '{}');
$signer->sign($request);
print $request->header('Authorization'), "\n";
EOF
cat > sign.js <<'EOF'
const aws4 = require('./root/usr/share/nodejs/aws4');
const request = { host: process.argv[2], path: '/model/m/converse', method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' };
console.log(aws4.sign(request, { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' }).headers.Authorization);
EOF
scope() { sed -n 's|.*Credential=AKIDEXAMPLE/[0-9]*/\([^,]*\)/aws4_request.*|\1|p'; } # "region/service"

env -i PATH="$PATH" HOME="$tmp" timeout 30 python3 server.py > signed.txt &
server=$!
for _ in $(seq 50); do [ -s port ] && break; sleep 0.1; done
port=$(cat port)
result=
for host in bedrock-runtime.eu-west-1.amazonaws.com bedrock-runtime-fips.us-west-2.amazonaws.com bedrock.eu-west-1.amazonaws.com; do
  # The host name leads to the server above; no query leaves this machine.
  env -i PATH="$PATH" HOME="$tmp" curl -q -s -m 5 --noproxy '*' --resolve "$host:$port:127.0.0.1" \
    --aws-sigv4 aws:amz -u AKIDEXAMPLE:example -H 'Content-Type: application/json' -d '{}' \
    "http://$host:$port/model/m/converse"
  c=$(tail -n 1 signed.txt | scope)
  p=$(env -i PATH="$PATH" HOME="$tmp" perl -I root/usr/share/perl5 -I "$arch" sign.pl "$host" | scope)
  j=$(env -i PATH="$PATH" HOME="$tmp" node sign.js "$host" | scope)
  region=${host#*.}
  echo "fed:      a POST to https://$host"
  echo "seen:     signed for: curl $c | AWS::Signature4 $p | aws4 $j"
  echo "expected: ${region%%.*}/bedrock"
  result="$result $c $p $j"
done
wait "$server"
server=
echo "Source: the service models of bedrock and bedrock-runtime both say signingName \"bedrock\" (AWS General Reference, SigV4)."
if [ "$result" != " eu-west-1/bedrock-runtime us-east-1/s3 eu-west-1/bedrock-runtime us-west-2/bedrock-runtime-fips us-east-1/s3 us-west-2/bedrock-runtime-fips eu-west-1/bedrock eu-west-1/bedrock eu-west-1/bedrock" ]; then
  echo "changed: the services or regions signed for are others now"
  exit 1
fi
