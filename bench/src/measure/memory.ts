/** What no service may hold, however large the file (design: every service below 300 MB RSS, flat). */
export const memoryLimitMb = 300;

/** Sentences about the services that held more, by the peaks that parts have measured. */
export function memoryFaults(figures: Readonly<Record<string, object>>): readonly string[] {
  return Object.entries(figures).flatMap(([part, { peakRssMb }]: [string, Peaks]) =>
    typeof peakRssMb !== 'object'
      ? []
      : Object.entries(peakRssMb)
          .filter(([, megabytes]) => megabytes >= memoryLimitMb)
          .map(
            ([service, megabytes]) =>
              `${service} held ${megabytes.toFixed(0)} MB in ${part}, and may not hold ${memoryLimitMb}`,
          ),
  );
}

type Peaks = { readonly peakRssMb?: number | Readonly<Record<string, number>> };
