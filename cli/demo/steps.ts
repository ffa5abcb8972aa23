// The demo's session: what a scripted agent says, and the commands that it runs, each with what they are.
// Only what every Debian with git has is used: bash, coreutils, perl.

import type { Kind } from '../record/schema.ts'

export interface DemoCall {
  readonly command: string
  readonly kind: Kind
  /** A part of the command line of what it leaves running. */
  readonly leaves?: string
}

export interface DemoStep {
  readonly say: string
  readonly thinkMs: number
  /** Run at the same time. */
  readonly calls: readonly DemoCall[]
}

export const DEMO_PROJECT: Readonly<Record<string, string>> = {
  'answer.pl': 'sub answer { return 6 * 9 }\n1;\n',
  't/answer.t': [
    'use strict; use warnings; use Test::More;',
    "require './answer.pl';",
    'select(undef, undef, undef, 0.3);',
    "is(answer(), 42, 'six times seven');",
    'done_testing();',
    '',
  ].join('\n'),
  'server.pl': [
    'use strict; use warnings; use IO::Socket::INET;',
    "my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5) or die $!;",
    'while (my $client = $server->accept) { print $client "42\\n"; close $client }',
    '',
  ].join('\n'),
}

export const DEMO_STEPS: readonly DemoStep[] = [
  {
    say: 'Let me look for the answer.',
    thinkMs: 900,
    calls: [{ command: 'grep -rn answer . --include=*.pl --include=*.t', kind: 'explore' }],
  },
  {
    say: 'And at what was done before.',
    thinkMs: 600,
    calls: [{ command: 'git log --oneline', kind: 'git' }],
  },
  {
    say: 'Two looks at once.',
    thinkMs: 700,
    calls: [
      { command: 'sleep 0.6; wc -l answer.pl t/answer.t', kind: 'explore' },
      { command: 'sleep 0.8; find . -name "*.t"', kind: 'explore' },
    ],
  },
  { say: 'The tests fail, don’t they?', thinkMs: 800, calls: [{ command: 'prove t/', kind: 'test' }] },
  {
    say: 'This one needs memory for a moment.',
    thinkMs: 700,
    calls: [
      { command: `perl -e 'my $x = "x" x 300_000_000; select(undef, undef, undef, 0.6)'`, kind: 'snippet' },
    ],
  },
  {
    say: 'Mend it and test again.',
    thinkMs: 900,
    calls: [{ command: `sed -i 's/6 \\* 9/6 * 7/' answer.pl && prove t/`, kind: 'test' }],
  },
  { say: 'Keep it.', thinkMs: 500, calls: [{ command: 'git commit -qam "Six times seven"', kind: 'git' }] },
  {
    say: 'A server for later, left running.',
    thinkMs: 500,
    calls: [{ command: 'perl server.pl < /dev/null > /dev/null 2>&1 &', kind: 'run', leaves: 'server.pl' }],
  },
]

export const DEMO_CLOSING = 'Done: six times seven is forty-two.'
