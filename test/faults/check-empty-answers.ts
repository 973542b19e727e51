import type { Attempt, History } from "./history.ts";

/** The number of `times` that are later than `time`. `times` must be sorted. */
const laterThan = (times: readonly number[], time: number): number => {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) > time) high = middle;
    else low = middle + 1;
  }
  return times.length - low;
};

/**
 * No request was refused while the pool had enough vouchers. Nothing returns to these pools. So at the time of an answer, the
 * pool had at least the vouchers that are left at the end, and those of later requests.
 */
export const wrongEmptyAnswers = ({ attempts, stored }: History): readonly string[] => {
  const startTimes = new Map(attempts.map((attempt) => [attempt.name, attempt.startedAt]));
  const startedAtOf = (attempt: string): number => startTimes.get(attempt) ?? 0;
  const left = new Map<string, number>();
  for (const { campaign, publicationId } of stored.vouchers)
    if (publicationId === null && campaign !== null) left.set(campaign, (left.get(campaign) ?? 0) + 1);
  const takenLater = new Map<string, number[]>();
  const takenAt = new Map<string, number>();
  for (const { campaign, attempt, codes } of stored.publications) {
    const times = takenLater.get(campaign ?? "") ?? [];
    for (const code of codes) {
      times.push(startedAtOf(attempt));
      takenAt.set(code, startedAtOf(attempt));
    }
    takenLater.set(campaign ?? "", times);
  }
  for (const times of takenLater.values()) times.sort((a, b) => a - b);

  const isWrong = ({ request, outcome }: Attempt): boolean => {
    if (outcome?.type !== "refused") return false;
    if (outcome.code === "voucher_already_published")
      return (takenAt.get(request.voucher ?? "") ?? Number.POSITIVE_INFINITY) > outcome.at;
    if (outcome.code !== "no_voucher_suitable_for_publication") return false;
    const availableMin =
      (left.get(request.campaign) ?? 0) + laterThan(takenLater.get(request.campaign) ?? [], outcome.at);
    return request.campaign === "growing" || availableMin >= request.count;
  };
  return attempts.filter(isWrong).map(({ name, request }) => `${name} was refused by ${request.campaign}`);
};
