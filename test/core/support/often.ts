/** As often as it can be measured. */
export const oftenMs = 2000;

/** Measured that often at any load, whatever else this machine does: tests wait for what is seen. */
export const often = { baseIntervalMs: oftenMs, busyIntervalMs: oftenMs, saturatedIntervalMs: oftenMs };

/** Games, too; they are never asked more often than they are measured. */
export const oftenAsked = { pollIntervalMs: oftenMs, busyPollIntervalMs: oftenMs };
