#!/usr/bin/env bash
# AWS SDK for Kotlin: whether a stream that breaks off is an error depends on how fast
# the program reads. While the program is busy with an event, the connection closes
# in the middle of the chunked body; what had already arrived is then dropped, and
# the flow completes as if the answer were whole. A fast reader of the same bytes gets
# all events and an exception.
# For whom: programs that do work for each delta (write to a page, speak, store): they
# lose the end of an answer and cannot know it, unless they miss messageStop themselves.
# Package: aws.sdk.kotlin:bedrockruntime-jvm 1.6.72 (with OkHttp 5.3.2), Maven
# Date: 2026-11-30
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
mkdir -p src/main/kotlin

cat > pom.xml <<'EOF'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId><artifactId>finding</artifactId><version>1</version>
  <properties><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
  <dependencies>
    <dependency><groupId>aws.sdk.kotlin</groupId><artifactId>bedrockruntime-jvm</artifactId><version>1.6.72</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
  <build>
    <sourceDirectory>src/main/kotlin</sourceDirectory>
    <plugins><plugin>
      <groupId>org.jetbrains.kotlin</groupId><artifactId>kotlin-maven-plugin</artifactId><version>2.3.20</version>
      <configuration><jvmTarget>17</jvmTarget></configuration>
      <executions><execution><goals><goal>compile</goal></goals></execution></executions>
    </plugin></plugins>
  </build>
</project>
EOF
cat > src/main/kotlin/Finding.kt <<'EOF'
import aws.sdk.kotlin.services.bedrockruntime.BedrockRuntimeClient
import aws.sdk.kotlin.services.bedrockruntime.model.*
import aws.smithy.kotlin.runtime.auth.awscredentials.Credentials
import aws.smithy.kotlin.runtime.auth.awscredentials.CredentialsProvider
import aws.smithy.kotlin.runtime.collections.Attributes
import aws.smithy.kotlin.runtime.net.url.Url
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.ByteArrayOutputStream
import java.io.DataOutputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.util.zip.CRC32
import kotlin.concurrent.thread
import kotlin.system.exitProcess

fun frame(event: String, payload: String): ByteArray {
    fun crc(bytes: ByteArray) = CRC32().apply { update(bytes) }.value.toInt()
    val headers = ByteArrayOutputStream()
    for ((name, value) in listOf(":event-type" to event, ":content-type" to "application/json", ":message-type" to "event")) {
        DataOutputStream(headers).apply { writeByte(name.length); writeBytes(name); writeByte(7); writeShort(value.length); writeBytes(value) }
    }
    val bytes = ByteArrayOutputStream()
    DataOutputStream(bytes).apply {
        writeInt(16 + headers.size() + payload.length); writeInt(headers.size()); writeInt(crc(bytes.toByteArray()))
        write(headers.toByteArray()); writeBytes(payload); writeInt(crc(bytes.toByteArray()))
    }
    return bytes.toByteArray()
}

/** Answers each of four requests with messageStart and three deltas, then closes the connection 300 ms later, the body unfinished. */
fun serve(server: ServerSocket) = repeat(4) {
    server.accept().use { socket ->
        val input = socket.getInputStream().bufferedReader(Charsets.ISO_8859_1)
        var length = 0
        while (true) {
            val line = input.readLine()
            if (line.isNullOrEmpty()) break
            if (line.startsWith("content-length:", ignoreCase = true)) length = line.substringAfter(':').trim().toInt()
        }
        repeat(length) { input.read() }
        val out = socket.getOutputStream()
        out.write("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\nTransfer-Encoding: chunked\r\n\r\n".toByteArray())
        val frames = listOf(frame("messageStart", """{"role":"assistant"}""")) +
            listOf("one ", "two ", "three ").map { frame("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"$it"}}""") }
        for (frame in frames) out.write("${frame.size.toString(16)}\r\n".toByteArray() + frame + "\r\n".toByteArray())
        out.flush()
        Thread.sleep(300)
    }
}

fun main(): Unit = runBlocking {
    val server = ServerSocket(0, 5, InetAddress.getLoopbackAddress())
    thread(isDaemon = true) { serve(server) }
    val client = BedrockRuntimeClient {
        region = "us-east-1"
        endpointUrl = Url.parse("http://127.0.0.1:${server.localPort}")
        credentialsProvider = object : CredentialsProvider {
            override suspend fun resolve(attributes: Attributes) = Credentials("AKIDEXAMPLE", "example")
        }
    }
    suspend fun read(pause: Long, quiet: Boolean = false): Pair<Int, Throwable?> {
        val events = mutableListOf<String>()
        val request = ConverseStreamRequest {
            modelId = "m"
            messages = listOf(Message { role = ConversationRole.User; content = listOf(ContentBlock.Text("Count.")) })
        }
        val thrown = runCatching {
            client.converseStream(request) { answer -> answer.stream!!.collect { event ->
                events += event.asContentBlockDeltaOrNull()?.delta?.asTextOrNull()?.trim() ?: event::class.simpleName!!
                delay(pause)
            } }
        }.exceptionOrNull()
        if (!quiet) println("seen: by a program that takes $pause ms for each event: $events, then " +
            (thrown?.let { "${it::class.simpleName}: ${it.message}" } ?: "the end of the flow, no error"))
        return events.size to thrown
    }
    println("fed:  messageStart and three deltas, at once; 300 ms later the connection is closed, the chunked body unfinished")
    read(0, quiet = true) // the first call of a program is slow in itself, so it does not count
    val fast = read(0)
    val slow = listOf(read(600), read(600))
    println("expected: four events and an error from each: a chunked body without its last chunk is incomplete (RFC 9112,")
    println("      section 8), and a stream of Converse ends with messageStop and metadata (API reference of ConverseStream).")
    val asBefore = fast.first == 4 && fast.second != null && slow.all { it.first < 4 && it.second == null }
    if (!asBefore) println("changed: the slow reader and the fast one now see something else")
    exitProcess(if (asBefore) 0 else 1)
}
EOF
mvn -q -B compile dependency:copy-dependencies -DoutputDirectory=jars > install.log 2>&1 || { cat install.log; exit 2; }
(cd jars && ls bedrockruntime-jvm-*.jar okhttp-jvm-*.jar)
env -i PATH="$PATH" HOME="$tmp" ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} AWS_EC2_METADATA_DISABLED=true \
  timeout 120 java -Duser.home="$tmp" -cp 'target/classes:jars/*' FindingKt
