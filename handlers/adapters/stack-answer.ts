import type { StackOutcome, StackRequest } from '../../core/stack-request';
import { stackAnswer } from '../../core/stack-request';

/** Answers by the URL that CloudFormation gave. An answer that comes twice, or too late, does no harm. */
export async function answerStack(request: StackRequest, outcome: StackOutcome): Promise<void> {
  const response = await fetch(request.ResponseURL, {
    method: 'PUT',
    // It is signed for no type at all.
    headers: { 'content-type': '' },
    body: JSON.stringify(stackAnswer(request, outcome)),
  });
  if (!response.ok) throw new Error(`CloudFormation did not take the answer: HTTP ${response.status}`);
}
