package org.dnallama.deploy.check;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts executors on this machine from what their pods say, as the entry point of Spark's image does in a container.
 */
final class ExecutorKubelet implements ApiServer.Kubelet, AutoCloseable {

    private static final String BACKEND = "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend";

    private final Path folder;
    private final Map<String, String> machine;
    private final Map<Pod, SparkProcess> executors = new ConcurrentHashMap<>();

    /**
     * Nothing runs yet.
     *
     * @param folder for logs and local files
     * @param machine variables of the machine that containers would have from their image
     */
    ExecutorKubelet(Path folder, Map<String, String> machine) {
        this.folder = folder;
        this.machine = machine;
    }

    @Override
    public void start(Pod pod) throws IOException {
        Map<String, String> environment = new HashMap<>(machine);
        for (EnvVar variable : pod.getSpec().getContainers().get(0).getEnv()) {
            if (variable.getValue() != null) {
                environment.put(variable.getName(), variable.getValue());
            }
        }
        String id = environment.get("SPARK_EXECUTOR_ID");
        Path home = folder.resolve("executor-" + id);
        environment.put("SPARK_LOCAL_DIRS", home.toString());
        List<String> words = new ArrayList<>();
        for (int i = 0; environment.containsKey("SPARK_JAVA_OPT_" + i); i++) {
            words.add(environment.get("SPARK_JAVA_OPT_" + i));
        }
        words.addAll(List.of(
                "-Xmx" + environment.get("SPARK_EXECUTOR_MEMORY"),
                BACKEND,
                "--driver-url",
                environment.get("SPARK_DRIVER_URL"),
                "--executor-id",
                id,
                "--cores",
                environment.get("SPARK_EXECUTOR_CORES"),
                "--app-id",
                environment.get("SPARK_APPLICATION_ID"),
                "--hostname",
                "127.0.0.1",
                "--resourceProfileId",
                environment.get("SPARK_RESOURCE_PROFILE_ID"),
                "--podName",
                pod.getMetadata().getName()));
        Path log = folder.resolve("executor-" + id + ".log");
        executors.put(pod, SparkProcess.start(home, log, environment, words));
    }

    /** As they were asked for. */
    List<Pod> pods() {
        return List.copyOf(executors.keySet());
    }

    String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        for (SparkProcess executor : executors.values()) {
            logs.append(executor.log());
        }
        return logs.toString();
    }

    @Override
    public void close() {
        executors.values().forEach(SparkProcess::close);
    }
}
