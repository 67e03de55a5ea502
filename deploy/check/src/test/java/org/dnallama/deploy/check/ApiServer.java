package org.dnallama.deploy.check;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * A Kubernetes API server that keeps objects in memory, runs each pod at once, and notes what it was asked for in the
 * words of roles.
 */
final class ApiServer implements AutoCloseable {

    /** Starts the container of a pod. */
    interface Kubelet {

        void start(Pod pod) throws IOException;
    }

    private final KubernetesMockServer server;
    private final Set<String> requests;

    private ApiServer(KubernetesMockServer server, Set<String> requests) {
        this.server = server;
        this.requests = requests;
    }

    static ApiServer start(Kubelet kubelet) throws IOException {
        Set<String> requests = new ConcurrentSkipListSet<>();
        KubernetesMockServer server = new KubernetesMockServer(
                new Context(), new MockWebServer(), new HashMap<>(), new Dispatcher(kubelet, requests), false);
        server.init(InetAddress.getLoopbackAddress(), 0);
        return new ApiServer(server, requests);
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    KubernetesClient client() {
        return server.createClient();
    }

    /** So far, such as {@code create pods}. */
    Set<String> requests() {
        return new TreeSet<>(requests);
    }

    /** How clients find this server. */
    Path kubeconfig(Path file) throws IOException {
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters:
                - {name: test, cluster: {server: '%s'}}
                contexts:
                - {name: test, context: {cluster: test, user: test, namespace: dna-llama}}
                users:
                - {name: test, user: {}}
                current-context: test
                """.formatted(url()));
    }

    @Override
    public void close() {
        server.destroy();
    }

    private static final class Dispatcher extends KubernetesCrudDispatcher {

        /** Of requests that are made up here; only the address of this side is asked for. */
        private static final Socket CONNECTION = new Socket() {
            @Override
            public InetAddress getLocalAddress() {
                return InetAddress.getLoopbackAddress();
            }

            @Override
            public int getLocalPort() {
                return 80;
            }
        };

        private final Kubelet kubelet;
        private final Set<String> requests;

        Dispatcher(Kubelet kubelet, Set<String> requests) {
            this.kubelet = kubelet;
            this.requests = requests;
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            String path = request.getPath().replaceAll("\\?.*", "");
            note(request, path);
            if (isApply(request)) {
                return apply(request, path);
            }
            if (request.getMethod().equals("POST") && path.endsWith("/pods")) {
                return run(request, path);
            }
            return super.dispatch(request);
        }

        private static boolean isApply(RecordedRequest request) {
            return request.getMethod().equals("PATCH")
                    && String.valueOf(request.getHeader("Content-Type")).startsWith("application/apply-patch");
        }

        private void note(RecordedRequest request, String path) {
            String[] parts = path.substring(path.indexOf("/namespaces/") + 1).split("/");
            if (parts.length < 3) {
                requests.add(request.getMethod() + " " + path);
                return;
            }
            boolean isOne = parts.length > 3;
            String verb = switch (request.getMethod()) {
                case "GET" -> isOne ? "get" : request.getPath().contains("watch=true") ? "watch" : "list";
                case "POST" -> "create";
                case "PUT" -> "update";
                case "PATCH" -> "patch";
                case "DELETE" -> isOne ? "delete" : "deletecollection";
                default -> request.getMethod();
            };
            requests.add(verb + " " + parts[2]);
            if (isApply(request)) {
                // Of what is not there yet.
                requests.add("create " + parts[2]);
            }
        }

        /** This dispatcher's parent knows no apply of what is not there. */
        private MockResponse apply(RecordedRequest request, String path) {
            super.dispatch(made("DELETE", path, request, new Buffer()));
            return super.dispatch(made("POST", path.substring(0, path.lastIndexOf('/')), request, body(request)));
        }

        private MockResponse run(RecordedRequest request, String path) {
            Pod pod = Serialization.unmarshal(body(request).readUtf8(), Pod.class);
            pod.setStatus(new PodStatusBuilder()
                    .withPhase("Running")
                    .withPodIP("127.0.0.1")
                    .withContainerStatuses(List.of(new ContainerStatusBuilder()
                            .withName(pod.getSpec().getContainers().get(0).getName())
                            .withReady(true)
                            .withNewState()
                            .withNewRunning()
                            .withStartedAt("2026-01-01T00:00:00Z")
                            .endRunning()
                            .endState()
                            .build()))
                    .build());
            MockResponse response =
                    super.dispatch(made("POST", path, request, new Buffer().writeUtf8(Serialization.asJson(pod))));
            try {
                kubelet.start(pod);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return response;
        }

        private static Buffer body(RecordedRequest request) {
            return request.getBody().clone();
        }

        private static RecordedRequest made(String method, String path, RecordedRequest like, Buffer body) {
            return new RecordedRequest(
                    method + " " + path + " HTTP/1.1", like.getHeaders(), List.of(), body.size(), body, 0, CONNECTION);
        }
    }
}
