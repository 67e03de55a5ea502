package org.dnallama.deploy.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/** A resource manager, two node managers with two GPUs each by their own account, and HDFS, in this process. */
final class Yarn implements AutoCloseable {

    private static final String GPU = "yarn.io/gpu";

    private final MiniDFSCluster hdfs;
    private final MiniYARNCluster yarn;
    private final Path clientConf;

    private Yarn(MiniDFSCluster hdfs, MiniYARNCluster yarn, Path clientConf) {
        this.hdfs = hdfs;
        this.yarn = yarn;
        this.clientConf = clientConf;
    }

    static Yarn start(Path folder) throws IOException {
        System.setProperty("test.build.data", folder.resolve("data").toString());
        System.setProperty("hadoop.log.dir", folder.resolve("logs").toString());
        Configuration storage = new Configuration();
        storage.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        storage.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
        MiniDFSCluster hdfs =
                new MiniDFSCluster.Builder(storage).numDataNodes(1).build();
        hdfs.waitActive();

        YarnConfiguration conf = new YarnConfiguration(storage);
        conf.set("yarn.resource-types", GPU);
        conf.set("yarn.nodemanager.resource-type." + GPU, "2");
        conf.set(
                "yarn.scheduler.capacity.resource-calculator",
                "org.apache.hadoop.yarn.util.resource.DominantResourceCalculator");
        conf.setInt("yarn.scheduler.minimum-allocation-mb", 128);
        conf.setInt("yarn.scheduler.maximum-allocation-mb", 6144);
        conf.setInt("yarn.minicluster.yarn.nodemanager.resource.memory-mb", 6144);
        conf.setInt("yarn.nodemanager.resource.memory-mb", 6144);
        conf.setInt("yarn.nodemanager.resource.cpu-vcores", 8);
        // Containers of a test share a machine whose disk may be rather full.
        conf.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
        conf.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
        conf.setFloat("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", 99.9f);
        conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.8");
        conf.set("yarn.scheduler.capacity.root.queues", "default,genomics");
        conf.set("yarn.scheduler.capacity.root.default.capacity", "50");
        conf.set("yarn.scheduler.capacity.root.genomics.capacity", "50");
        conf.set("yarn.scheduler.capacity.root.genomics.maximum-capacity", "100");
        conf.set("yarn.scheduler.capacity.root.genomics.user-limit-factor", "2");
        MiniYARNCluster yarn = new MiniYARNCluster("dna-llama", 2, 1, 1);
        yarn.init(conf);
        yarn.start();
        return new Yarn(hdfs, yarn, writeClientConf(folder.resolve("conf"), hdfs, yarn));
    }

    private static Path writeClientConf(Path folder, MiniDFSCluster hdfs, MiniYARNCluster yarn) throws IOException {
        Files.createDirectories(folder);
        Configuration site = new Configuration(false);
        site.set("fs.defaultFS", hdfs.getURI().toString());
        for (String key : new String[] {
            "yarn.resourcemanager.address",
            "yarn.resourcemanager.scheduler.address",
            "yarn.resourcemanager.webapp.address",
            "yarn.resourcemanager.hostname"
        }) {
            site.set(key, yarn.getConfig().get(key));
        }
        site.set("yarn.application.classpath", "");
        for (String name : new String[] {"core-site.xml", "yarn-site.xml"}) {
            try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
                site.writeXml(out);
            }
        }
        Configuration types = new Configuration(false);
        types.set("yarn.resource-types", GPU);
        try (OutputStream out = Files.newOutputStream(folder.resolve("resource-types.xml"))) {
            types.writeXml(out);
        }
        return folder;
    }

    /** What {@code HADOOP_CONF_DIR} of a client names. */
    Path clientConf() {
        return clientConf;
    }

    FileSystem files() throws IOException {
        return hdfs.getFileSystem();
    }

    /** The application that was submitted last. */
    String newestApplication() {
        return yarn.getResourceManager().getRMContext().getRMApps().keySet().stream()
                .max(java.util.Comparator.naturalOrder())
                .orElseThrow()
                .toString();
    }

    /** How many GPUs containers have at this moment. */
    long gpusInUse() {
        return yarn.getResourceManager().getRMContext().getRMNodes().keySet().stream()
                .map(node -> yarn.getResourceManager().getResourceScheduler().getNodeReport(node))
                .mapToLong(report -> report.getUsedResource().getResourceValue(GPU))
                .sum();
    }

    @Override
    public void close() {
        yarn.stop();
        hdfs.shutdown();
    }
}
