import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const pureCore = {
  files: ['core/**/*.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: [
              '@aws-sdk/*',
              '@smithy/*',
              '@aws-lambda-powertools/*',
              'aws-cdk-lib*',
              'constructs',
              'aws-lambda',
            ],
            message: 'core/ decides; AWS is touched in handlers/, pipeline/ and local/.',
          },
          {
            group: ['fluent-ffmpeg', 'child_process', 'node:child_process'],
            message: 'core/ starts no process; ffmpeg is run in container/.',
          },
          {
            group: [
              'fs',
              'fs/*',
              'node:fs',
              'node:fs/*',
              'http',
              'node:http',
              'https',
              'node:https',
              'net',
              'node:net',
              'timers',
              'node:timers',
              'timers/*',
              'node:timers/*',
            ],
            message: 'core/ does no input or output and waits for nothing.',
          },
          {
            group: ['../handlers/*', '../container/*', '../pipeline/*', '../local/*', '../cli/*'],
            message: 'core/ depends on nothing but itself.',
          },
        ],
      },
    ],
    'no-restricted-globals': [
      'error',
      { name: 'fetch', message: 'core/ does no input or output.' },
      { name: 'setTimeout', message: 'core/ has no clock: take the time as an argument.' },
      { name: 'setInterval', message: 'core/ has no clock: take the time as an argument.' },
      { name: 'performance', message: 'core/ has no clock: take the time as an argument.' },
      { name: 'process', message: 'core/ reads no environment.' },
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: 'core/ has no clock: take the time as an argument.' },
      {
        object: 'Math',
        property: 'random',
        message: 'core/ has no randomness: take the value as an argument.',
      },
    ],
    'no-restricted-syntax': [
      'error',
      {
        selector: "NewExpression[callee.name='Date'][arguments.length=0]",
        message: 'core/ has no clock: take the time as an argument.',
      },
      {
        selector: 'CallExpression[callee.name=/^random(UUID|Bytes|Int)$/]',
        message: 'core/ has no randomness: take the value as an argument.',
      },
      {
        selector: 'CallExpression[callee.property.name=/^random(UUID|Bytes|Int)$/]',
        message: 'core/ has no randomness: take the value as an argument.',
      },
    ],
  },
};

export default tseslint.config(
  { ignores: ['node_modules', 'cdk.out', 'container/dist', 'coverage', '.spotreel'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'max-params': ['error', 3],
    },
  },
  pureCore,
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
);
