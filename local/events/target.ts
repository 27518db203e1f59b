import type { LambdaHost } from '../lambda/host';
import type { LocalSqs } from '../sqs/service';
import type { RuleModel, TargetModel } from '../template';

export interface TargetServices {
  readonly lambda: Pick<LambdaHost, 'invokeWithRetries'>;
  readonly sqs: Pick<LocalSqs, 'send'>;
}

/** What became of an event at one target of a rule. */
export interface TargetOutcome {
  readonly rule: string;
  readonly target: string;
  /** Absent when all went well. */
  readonly error?: string;
}

/** Gives an event to one target and waits for its end. Never throws. */
export async function callTarget(
  services: TargetServices,
  { rule, target }: { rule: RuleModel; target: TargetModel },
  event: unknown,
): Promise<TargetOutcome> {
  const outcome = { rule: rule.name, target: target.arn };
  try {
    const input = targetInput(target, event);
    if (target.arn.startsWith('arn:aws:sqs:')) {
      await services.sqs.send(target.arn, JSON.stringify(input));
      return outcome;
    }
    const result = await services.lambda.invokeWithRetries(target.arn, input);
    if (result.kind === 'succeeded') return outcome;
    return { ...outcome, error: `${result.errorType}: ${result.errorMessage}` };
  } catch (error) {
    // The target could not be reached at all; what it does with an event is not EventBridge's concern.
    if (target.deadLetterArn !== undefined)
      await services.sqs.send(target.deadLetterArn, JSON.stringify(event));
    return { ...outcome, error: String(error) };
  }
}

/** What the target gets: the event, its fixed input, or its template with parts of the event filled in. */
export function targetInput(target: TargetModel, event: unknown): unknown {
  if (target.input !== undefined) return JSON.parse(target.input);
  if (!target.inputTransformer) return event;
  const { paths, template } = target.inputTransformer;
  const filled = template.replace(/"<([\w.-]+)>"|<([\w.-]+)>/g, (_match, quoted?: string, bare?: string) => {
    const value = valueAt(event, paths[quoted ?? bare ?? ''] ?? '') ?? null;
    return JSON.stringify(quoted === undefined || typeof value === 'string' ? value : JSON.stringify(value));
  });
  return JSON.parse(filled);
}

/** The value at a path such as `$.detail.taskArn`. */
function valueAt(event: unknown, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], event);
}
