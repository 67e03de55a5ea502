package org.dnallama.compute;

/** Direction of a rotary embedding. */
public enum Rotation {
    /** By the position's angle. */
    FORWARD,
    /** By minus the position's angle. */
    INVERSE
}
