package org.dnallama.plan;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.Settings;

/**
 * The cluster that a run is simulated on.
 *
 * @param ranks how many, each in turn
 * @param flopPerSecond that a device does at best
 * @param utilization part of it that training reaches
 * @param networks between the ranks, each in turn
 * @param reliability of devices and storage
 */
record SimulationSettings(
        List<Integer> ranks,
        double flopPerSecond,
        double utilization,
        List<Network> networks,
        Reliability reliability) {

    private static final String PREFIX = "plan.simulate.";
    private static final List<String> NETWORKS = List.of("loopback", "ethernet-10", "ethernet-100", "infiniband-400");
    private static final double MOST = 1e30;

    /** Reads {@code plan.simulate.*}. */
    static SimulationSettings read(Settings settings) {
        List<Network> networks = new ArrayList<>();
        for (String name : settings.texts(PREFIX + "networks", NETWORKS)) {
            networks.add(new Network(
                    name,
                    settings.real(PREFIX + name + ".latencySeconds", 0, 1),
                    settings.real(PREFIX + name + ".bytesPerSecond", 1, MOST)));
        }
        SimulationSettings read = new SimulationSettings(
                ranks(settings),
                settings.real(PREFIX + "device.flopPerSecond", 1, MOST),
                settings.real(PREFIX + "device.utilization", 1e-6, 1),
                networks,
                new Reliability(
                        settings.real(PREFIX + "failuresPerDeviceHour", 1e-12, 1e3),
                        settings.real(PREFIX + "checkpointBytesPerSecond", 1, MOST),
                        settings.real(PREFIX + "restartSeconds", 0, 1e6)));
        settings.check();
        return read;
    }

    private static List<Integer> ranks(Settings settings) {
        List<Integer> ranks = new ArrayList<>();
        for (String text : settings.texts(PREFIX + "ranks")) {
            if (text.matches("[1-9][0-9]{0,6}")) {
                ranks.add(Integer.valueOf(text));
            } else {
                settings.error(PREFIX + "ranks has " + text + ": must be whole numbers from 1 to 9999999");
            }
        }
        return ranks;
    }

    /** What a device really does. */
    double usedFlopPerSecond() {
        return flopPerSecond * utilization;
    }
}
