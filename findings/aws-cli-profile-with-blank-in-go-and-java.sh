#!/usr/bin/env bash
# A profile whose name has a blank, made by the AWS CLI, is half read by the Go SDK
# and not at all by the Java SDK. The CLI quotes the name in the config file and
# leaves it bare in the credentials file. Go undoes no quotes: it takes the keys,
# misses region and role_arn and reports nothing, so calls go out with the wrong
# identity or without a region. Java ignores every section with such a name, and
# its error says that the profile has no credentials, not that it was left out.
# For whom: programs that are told --profile or AWS_PROFILE by users of the CLI.
# Packages: awscli 1.46.3 (PyPI), github.com/aws/aws-sdk-go-v2/config v1.33.18,
#           software.amazon.awssdk:auth 2.57.8 (Maven)
# Date: 2026-11-30
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
mkdir home
export GOFLAGS=-modcacherw

cat > main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
)

func main() {
	profile, err := config.LoadSharedConfigProfile(context.Background(), os.Args[1])
	fmt.Printf("key %q, region %q, role_arn %q, error: %v\n", profile.Credentials.AccessKeyID, profile.Region, profile.RoleARN, err)
}
EOF
cat > pom.xml <<'EOF'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>software.amazon.awssdk</groupId><artifactId>auth</artifactId><version>2.57.8</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.18</version></dependency>
  </dependencies>
</project>
EOF
cat > Read.java <<'EOF'
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

public class Read {
    public static void main(String[] args) {
        var profile = ProfileFile.defaultProfileFile().profile(args[0]);
        System.out.println(profile.map(p -> "key \"" + p.property("aws_access_key_id").orElse("") + "\", region \""
            + p.property("region").orElse("") + "\", role_arn \"" + p.property("role_arn").orElse("") + "\"").orElse("no such profile"));
        if (profile.isEmpty()) {
            try {
                ProfileCredentialsProvider.create(args[0]).resolveCredentials();
            } catch (RuntimeException e) {
                System.out.println("        its error: " + e.getMessage().replaceAll(": ProfileFile.*", ""));
            }
        }
    }
}
EOF
{
  python3 -m venv venv
  venv/bin/pip install -q --disable-pip-version-check awscli==1.46.3
  go mod init example.com/finding
  go get github.com/aws/aws-sdk-go-v2/config@v1.33.18
  go mod tidy
  mvn -q -B dependency:copy-dependencies -DoutputDirectory=jars
} > install.log 2>&1 || { cat install.log; exit 2; }
go build -o read-go .

clean() { env -i PATH="$PATH" HOME="$tmp/home" LANG=C.UTF-8 ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} "$@"; }
echo "$(clean venv/bin/aws --version 2>&1 | cut -d' ' -f1), $(go list -m github.com/aws/aws-sdk-go-v2/config), $(cd jars && ls auth-2*.jar)"
for name in "my dev" mydev; do
  echo "fed:      aws configure set ... --profile '$name', four settings"
  clean venv/bin/aws configure set aws_access_key_id AKIDEXAMPLE --profile "$name"
  clean venv/bin/aws configure set aws_secret_access_key example --profile "$name"
  clean venv/bin/aws configure set region eu-west-1 --profile "$name"
  clean venv/bin/aws configure set role_arn arn:aws:iam::123456789012:role/bedrock-only --profile "$name"
  cli="region $(clean venv/bin/aws configure get region --profile "$name"), role_arn $(clean venv/bin/aws configure get role_arn --profile "$name")"
  echo "seen:     written: $(grep -h '^\[.*my *dev' home/.aws/config | tail -n 1) in config, $(grep -h '^\[.*my *dev' home/.aws/credentials | tail -n 1) in credentials"
  echo "    CLI:  $cli"
  in_go=$(clean ./read-go "$name")
  in_java=$(clean java -Duser.home="$tmp/home" -cp 'jars/*' Read.java "$name")
  echo "    Go:   $in_go"
  echo "    Java: $in_java"
  if [ "$name" = "my dev" ]; then blank_go=$in_go; blank_java=$in_java; blank_cli=$cli; fi
done
echo "expected: what the CLI wrote and reads again, from all three, as for the name without a blank (SDKs and Tools Reference"
echo "          Guide, \"Shared config and credentials files\": the files are shared between the CLI and the SDKs)."
case "$blank_cli|$blank_go|$blank_java" in
  "region eu-west-1, role_arn arn:"*'|key "AKIDEXAMPLE", region "", role_arn "", error: <nil>|no such profile'*) ;;
  *) echo "changed: the profile is read otherwise now"; exit 1 ;;
esac
