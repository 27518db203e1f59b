import { stackAnswer, stackRequestSchema } from '../../core/stack-request';

const REQUEST = {
  RequestType: 'Delete',
  ResponseURL: 'https://cloudformation-custom-resource-response.example/?X-Amz-Signature=s',
  StackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/Spotreel/1',
  RequestId: 'r',
  LogicalResourceId: 'PipelineNetworkStageNetworks',
  ResourceType: 'Custom::SpotreelNetworks',
  ServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:f',
  PhysicalResourceId: 'p',
  ResourceProperties: {},
};

describe('an answer to CloudFormation', () => {
  const request = stackRequestSchema.parse(REQUEST);

  it('names what was asked, and the same physical id each time', () => {
    expect(stackAnswer(request, { kind: 'done' })).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: 'PipelineNetworkStageNetworks',
      ...{ StackId: REQUEST.StackId, RequestId: 'r', LogicalResourceId: REQUEST.LogicalResourceId },
    });
  });

  it('stays within what CloudFormation takes, however long the reason', () => {
    const answer = stackAnswer(request, { kind: 'failed', reason: 'x'.repeat(9000) });
    expect(answer).toMatchObject({ Status: 'FAILED' });
    expect(JSON.stringify(answer).length).toBeLessThan(4096);
  });

  it('takes nothing for a request that is none', () => {
    expect(stackRequestSchema.safeParse({ ...REQUEST, RequestType: 'Look' }).success).toBe(false);
    expect(stackRequestSchema.safeParse({ ...REQUEST, ResponseURL: undefined }).success).toBe(false);
  });
});
