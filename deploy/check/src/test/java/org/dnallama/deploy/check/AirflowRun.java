package org.dnallama.deploy.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One run of the Airflow DAG on paper: Python reads it against a stub of Airflow, expands its tasks and renders what
 * they would do.
 */
final class AirflowRun {

    static final Path DAG = Repository.ROOT.resolve("deploy/airflow/dna_llama.py");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode dag;

    private AirflowRun(JsonNode dag) {
        this.dag = dag;
    }

    /**
     * Makes the run.
     *
     * @param folder for temporary files
     * @param version of Airflow, 2 or 3
     * @param environment what the deployment sets
     * @param runId as Airflow gives it
     * @param params the user's, as JSON
     */
    static AirflowRun of(Path folder, int version, Map<String, String> environment, String runId, String params)
            throws IOException, InterruptedException {
        for (String name : List.of("stub_airflow.py", "describe_dag.py")) {
            Files.copy(
                    Path.of("src/test/resources", name),
                    Files.createDirectories(folder).resolve(name));
        }
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("PYTHONDONTWRITEBYTECODE", "1");
        variables.put(
                "DNALLAMA_MANIFESTS",
                manifestsAsJson(folder.resolve("manifests")).toString());
        Path errors = folder.resolve("errors.txt");
        ProcessBuilder python = new ProcessBuilder(
                        "python3", "describe_dag.py", Integer.toString(version), DAG.toString(), runId, params)
                .directory(folder.toFile())
                .redirectError(errors.toFile());
        python.environment().putAll(variables);
        Process process = python.start();
        byte[] told = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(Files.readString(errors));
        }
        return new AirflowRun(JSON.readTree(new String(told, StandardCharsets.UTF_8)));
    }

    // Python alone reads no YAML, but what is JSON is YAML too.
    private static Path manifestsAsJson(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : List.of("spark-application-data.yaml", "spark-application-train.yaml")) {
            JsonNode manifest =
                    Repository.yaml(Repository.MANIFESTS.resolve(name)).get(0);
            Files.writeString(folder.resolve(name), JSON.writeValueAsString(manifest));
        }
        return folder;
    }

    JsonNode dag() {
        return dag;
    }

    /** The tasks that start jobs, mapped ones as often as they are expanded, in an order in which they may run. */
    List<JsonNode> jobs() {
        List<JsonNode> jobs = new ArrayList<>();
        List<JsonNode> waiting = new ArrayList<>(elements(dag.get("tasks")).toList());
        while (!waiting.isEmpty()) {
            List<String> notDone = waiting.stream().map(AirflowRun::name).toList();
            List<JsonNode> ready = waiting.stream()
                    .filter(task ->
                            elements(task.get("upstream")).map(JsonNode::asText).noneMatch(notDone::contains))
                    .toList();
            if (ready.isEmpty()) {
                throw new IllegalStateException("tasks wait for each other: " + notDone);
            }
            ready.stream()
                    .filter(task -> !task.get("operator").asText().equals("PythonOperator"))
                    .forEach(jobs::add);
            waiting.removeAll(ready);
        }
        return jobs;
    }

    static String name(JsonNode task) {
        return task.get("task").asText();
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return Stream.iterate(0, i -> i < array.size(), i -> i + 1).map(array::get);
    }

    static List<String> texts(JsonNode array) {
        return elements(array).map(JsonNode::asText).toList();
    }
}
