import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.camunda.zeebe.process.test.api.ZeebeTestEngine;
import io.camunda.zeebe.process.test.engine.EngineFactory;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Zeebe 8.8.0 on two ports, as the scenarios' runner and the recorder of deployments ask for it: gRPC, and a management port with the
 * log, the clock and a way to wait for quiet.
 *
 * <pre>JAVA_HOME=(a JDK 21 or later) mvn -q compile exec:java -Dexec.args="26600 19600"</pre>
 */
public final class ZeebeUnderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ZeebeTestEngine engine;

  private ZeebeUnderTest(final int grpcPort) {
    engine = EngineFactory.create(grpcPort);
  }

  public static void main(final String[] arguments) throws Exception {
    final var zeebe = new ZeebeUnderTest(Integer.parseInt(arguments[0]));
    zeebe.engine.start();
    final var address = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
    final var server = HttpServer.create(address, 0);
    server.createContext("/records", answering(zeebe::records));
    server.createContext("/idle", answering(zeebe::idle));
    server.createContext("/clock/advance", answering(zeebe::advance));
    server.start();
    System.out.println("ready");
    Thread.currentThread().join();
  }

  private interface Answer {
    String to(HttpExchange request) throws Exception;
  }

  private static HttpHandler answering(final Answer answer) {
    return request -> {
      try (request) {
        final var body = answer.to(request).getBytes(StandardCharsets.UTF_8);
        request.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        if (body.length > 0) request.getResponseBody().write(body);
      } catch (final Exception failure) {
        System.err.println(failure);
        request.sendResponseHeaders(500, -1);
      }
    };
  }

  private String records(final HttpExchange request) {
    final var query = queryOf(request);
    final long after = Long.parseLong(query.getOrDefault("after", "-1"));
    final int limit = Integer.parseInt(query.getOrDefault("limit", "5000"));
    final var lines = new StringBuilder();
    int count = 0;
    for (final var record : engine.getRecordStreamSource().getRecords()) {
      if (record.getPosition() <= after) continue;
      lines.append(record.toJson()).append('\n');
      if (++count >= limit) break;
    }
    return lines.toString();
  }

  private String idle(final HttpExchange request) throws Exception {
    engine.waitForIdleState(PATIENCE);
    return "";
  }

  /** The body is {"duration": "PT5M"}. */
  private String advance(final HttpExchange request) throws Exception {
    final var body = new String(request.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    engine.increaseTime(Duration.parse(body.replaceAll(".*\"duration\"\\s*:\\s*\"([^\"]+)\".*", "$1")));
    return "";
  }

  private static Map<String, String> queryOf(final HttpExchange request) {
    final var query = new HashMap<String, String>();
    final var text = request.getRequestURI().getRawQuery();
    if (text == null) return query;
    for (final var pair : text.split("&")) {
      final var parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts.length > 1 ? parts[1] : "", StandardCharsets.UTF_8));
    }
    return query;
  }
}
