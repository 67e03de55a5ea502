package org.dnallama.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a {@code SparkApplication} that manifests here may use, with their types. The Spark operator's schema
 * is in none of the registries that the build uses, so this list was made by hand from its API v1beta2.
 */
record SparkApplication(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

    private static final Set<String> SCHEDULERS = Set.of("volcano", "yunikorn", "kube-scheduler");

    record Spec(
            String type,
            String mode,
            String sparkVersion,
            String image,
            String imagePullPolicy,
            List<String> imagePullSecrets,
            String mainClass,
            String mainApplicationFile,
            List<String> arguments,
            Map<String, String> sparkConf,
            Map<String, String> hadoopConf,
            RestartPolicy restartPolicy,
            Long timeToLiveSeconds,
            String batchScheduler,
            BatchSchedulerOptions batchSchedulerOptions,
            List<Volume> volumes,
            Driver driver,
            Executor executor) {}

    record RestartPolicy(
            String type,
            Integer onFailureRetries,
            Long onFailureRetryInterval,
            Integer onSubmissionFailureRetries,
            Long onSubmissionFailureRetryInterval) {}

    record BatchSchedulerOptions(String queue, String priorityClassName) {}

    record Driver(
            Integer cores,
            String coreLimit,
            String memory,
            String memoryOverhead,
            String serviceAccount,
            Map<String, String> labels,
            Map<String, String> annotations,
            PodSecurityContext podSecurityContext,
            SecurityContext securityContext,
            List<EnvVar> env,
            List<EnvFromSource> envFrom,
            List<VolumeMount> volumeMounts,
            Map<String, String> nodeSelector,
            List<Toleration> tolerations) {}

    record Executor(
            Integer instances,
            Integer cores,
            String coreLimit,
            String memory,
            String memoryOverhead,
            String serviceAccount,
            Map<String, String> labels,
            Map<String, String> annotations,
            PodSecurityContext podSecurityContext,
            SecurityContext securityContext,
            List<EnvVar> env,
            List<EnvFromSource> envFrom,
            List<VolumeMount> volumeMounts,
            Map<String, String> nodeSelector,
            List<Toleration> tolerations,
            Affinity affinity) {}

    /** Reads a manifest, and checks what the operator requires and the values that it takes. */
    static SparkApplication check(JsonNode manifest) {
        SparkApplication application = StrictModels.read(manifest, SparkApplication.class);
        Spec spec = application.spec;
        assertThat(application.apiVersion).isEqualTo("sparkoperator.k8s.io/v1beta2");
        assertThat(application.kind).isEqualTo("SparkApplication");
        assertThat(application.metadata.getName()).matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
        assertThat(spec.type).isEqualTo("Java");
        assertThat(spec.mode).isEqualTo("cluster");
        assertThat(spec.sparkVersion).isEqualTo(Repository.property("spark.version"));
        assertThat(spec.mainApplicationFile).startsWith("local:///").endsWith("-spark.jar");
        assertThat(spec.mainClass).startsWith("org.dnallama.");
        assertThat(spec.restartPolicy.type).isIn("Never", "OnFailure");
        assertThat(spec.batchScheduler == null || SCHEDULERS.contains(spec.batchScheduler))
                .isTrue();
        assertThat(spec.driver.cores).isPositive();
        assertThat(spec.executor.cores).isPositive();
        assertThat(spec.executor.instances).isPositive();
        List<String> volumes = spec.volumes == null
                ? List.of()
                : spec.volumes.stream().map(Volume::getName).toList();
        if (spec.executor.volumeMounts != null) {
            assertThat(spec.executor.volumeMounts)
                    .extracting(VolumeMount::getName)
                    .isSubsetOf(volumes);
        }
        return application;
    }
}
