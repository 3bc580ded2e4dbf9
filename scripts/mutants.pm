# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mutants of a C text in the kernel's style: what scripts/mutate tests the tests with. The text is cut
# into tokens with their positions, the bodies of functions into statements and expressions;
# each mutant replaces one stretch of text. Comments, strings, preprocessor lines, declarations
# and what messages say stay as they are.
package mutants;
use strict;
use warnings;

my %KEYWORD = map { $_ => 1 } qw(if else while for do switch case default return break continue
	goto sizeof typeof __typeof__);
my %TYPE = map { $_ => 1 } qw(struct union enum const volatile static register extern void char
	short int long unsigned signed bool);

my %RELATION = ('<' => ['<=', '>='], '<=' => ['<', '>'], '>' => ['>=', '<='],
		'>=' => ['>', '<'], '==' => ['!='], '!=' => ['==']);
my %ARITHMETIC = ('+' => '-', '-' => '+', '*' => '/', '/' => '*', '%' => '/', '<<' => '>>',
		  '>>' => '<<', '+=' => '-=', '-=' => '+=', '++' => '--', '--' => '++',
		  '<<=' => '>>=', '>>=' => '<<=', '*=' => '/=', '/=' => '*=');
my %BIT = ('&' => '|', '|' => '&', '|=' => '&=', '&=' => '|=');
my %LOGIC = ('&&' => '||', '||' => '&&');
my %MEMBER = (base => 'size', size => 'base', memory => 'reserved', reserved => 'memory',
	      cnt => 'max', max => 'cnt');
my %WORD = (true => 'false', false => 'true', NUMA_NO_NODE => '0',
	    MEMBLOCK_ALLOC_ACCESSIBLE => 'MEMBLOCK_ALLOC_ANYWHERE',
	    MEMBLOCK_ALLOC_ANYWHERE => 'MEMBLOCK_ALLOC_ACCESSIBLE', MEMBLOCK_LOW_LIMIT => '1');
my %FUNCTION = (min => 'max', min_t => 'max_t', round_up => 'round_down', PFN_UP => 'PFN_DOWN',
		ALIGN => 'ALIGN_DOWN');
%FUNCTION = (%FUNCTION, reverse %FUNCTION);

# Calls that only say something, and those of which only the first argument does more.
my $MESSAGE = qr/^(?:pr_\w+|printk\w*|memblock_dbg|panic|dump_stack)$/;
my $WARNING = qr/^(?:VM_)?(?:BUG|WARN)(?:_\w+)?$/;
# The order of these arguments makes no difference.
my $SYMMETRIC = qr/^(?:min|max|min_t|max_t|swap)$/;

# What ends an operand of && and ||, or the condition of ?:.
my %ENDS = map { $_ => 1 } qw(&& || ? : ; return = += -= *= /= %= &= |= ^= <<= >>=), ',';

sub tokens
{
	my ($text) = @_;
	my ($line, $begins, @tokens) = (1, 1);

	pos($text) = 0;
	while (pos($text) < length $text) {
		my $start = pos $text;
		my $kind = '';
		if ($text =~ /\G(?:\s+|\/\/[^\n]*|\/\*.*?\*\/)/gcs) {
			$kind = 'blank';
		} elsif ($text =~ /\G#/ && $begins &&
			 $text =~ /\G#(?:\\\n|\/\*.*?\*\/|[^\n])*/gcs) {
			$kind = 'blank';
		} elsif ($text =~ /\G(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/gcs) {
			$kind = 'string';
		} elsif ($text =~ /\G[A-Za-z_]\w*/gc) {
			$kind = 'word';
		} elsif ($text =~ /\G\d\w*/gc) {
			$kind = 'number';
		} else {
			$text =~ /\G(?:<<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*\/%&|^]=|.)/gcs;
			$kind = 'sign';
		}
		my $t = substr $text, $start, pos($text) - $start;
		push @tokens, { text => $t, kind => $kind, start => $start, end => pos $text,
				line => $line } if $kind ne 'blank';
		$line += $t =~ tr/\n//;
		$begins = $kind eq 'blank' && ($begins || $t =~ /\n/);
	}
	return @tokens;
}

# The partner of each bracket, by number of token; nothing for those that have none.
sub partners
{
	my ($tokens, $from, $to) = @_;
	my %close = ('(' => ')', '[' => ']', '{' => '}');
	my (%partner, @open);

	for my $i ($from .. $to) {
		my $t = $tokens->[$i]{text};
		if ($close{$t}) {
			push @open, $i;
		} elsif ($t =~ /^[)\]}]$/) {
			return unless @open && $close{$tokens->[$open[-1]]{text}} eq $t;
			my $o = pop @open;
			@partner{$o, $i} = ($i, $o);
		}
	}
	return @open ? () : %partner;
}

sub at_line_start
{
	my ($self, $i) = @_;
	my $start = $self->{tokens}[$i]{start};

	return !$start || substr($self->{text}, $start - 1, 1) eq "\n";
}

# The name of the function whose body may begin at this brace, and the number of the token
# of the name.
sub name_before
{
	my ($self, $brace) = @_;
	my $tokens = $self->{tokens};
	my $i = $brace - 1;

	while ($i > 0 && $tokens->[$i]{text} eq ')') {
		my $depth = 0;
		for (; $i >= 0; $i--) {
			$depth++ if $tokens->[$i]{text} eq ')';
			$depth-- if $tokens->[$i]{text} eq '(';
			last unless $depth;
		}
		$i--;
		return if $i < 0 || $tokens->[$i]{kind} ne 'word';
		# an annotation behind the arguments
		last unless $i && $tokens->[$i - 1]{text} eq ')';
		$i--;
	}
	return $i < $brace - 1 ? ($tokens->[$i]{text}, $i) : ();
}

sub body_end
{
	my ($self, $brace) = @_;
	my $tokens = $self->{tokens};
	my $own_line = at_line_start($self, $brace);
	my $depth = 0;

	for my $i ($brace .. $#$tokens) {
		my $t = $tokens->[$i]{text};
		if ($own_line) {
			return $i if $t eq '}' && at_line_start($self, $i);
			next;
		}
		$depth++ if $t eq '{';
		$depth-- if $t eq '}';
		return $i unless $depth;
	}
	return;
}

# Replaces tokens $from to $to by $new; each line of the file keeps its number.
sub change
{
	my ($self, $operator, $from, $to, $new) = @_;
	my ($start, $end) = ($self->{tokens}[$from]{start}, $self->{tokens}[$to]{end});
	my $old = substr $self->{text}, $start, $end - $start;
	my $lines = ($old =~ tr/\n//) - ($new =~ tr/\n//);

	$new .= "\n" x $lines if $lines > 0;
	return if $old eq $new || $self->{seen}{"$start $end $new"}++;
	push @{$self->{mutants}}, {
		function => $self->{function}, line => $self->{tokens}[$from]{line},
		operator => $operator, start => $start, end => $end, old => $old, new => $new,
	};
}

sub text_of
{
	my ($self, $from, $to) = @_;
	my ($first, $last) = @{$self->{tokens}}[$from, $to];

	return substr $self->{text}, $first->{start}, $last->{end} - $first->{start};
}

# Is the sign an operator with two operands?
sub is_binary
{
	my ($self, $i) = @_;
	my ($before, $t, $after) = @{$self->{tokens}}[$i - 1, $i, $i + 1];

	return 0 if $before->{kind} eq 'sign' ? $before->{text} !~ /^[)\]]$/ :
		$KEYWORD{$before->{text}};
	return 0 if $after->{text} eq ')';
	return 0 if ($before->{end} == $t->{start}) != ($t->{end} == $after->{start});
	return 1 if $before->{text} ne ')' || $before->{end} != $t->{start};
	# or is it a cast that is before it?
	my $open = $self->{partner}{$i - 1};
	my $in = text_of($self, $open + 1, $i - 2);
	return 0 if $in =~ /^[\w\s*]+$/ && ($in =~ /\*$|_t$|^[us]\d+$/ || $TYPE{$in =~ s/\W.*//sr});
	return 1;
}

# Token numbers of the operand that ends before (step -1) or begins after (step 1) token $i.
sub operand
{
	my ($self, $i, $step) = @_;
	my $j = $i + $step;

	for (;; $j += $step) {
		my $t = $self->{tokens}[$j]{text};
		if ($t =~ ($step > 0 ? qr/^[(\[{]$/ : qr/^[)\]}]$/)) {
			$j = $self->{partner}{$j};
		} elsif ($ENDS{$t} || $t =~ /^[()\[\]{}]$/) {
			last;
		}
	}
	return $step > 0 ? ($i + 1, $j - 1) : ($j + 1, $i - 1);
}

# A comparison that is changed into its contrary anyway, or `!x`, of which the `!` is dropped.
sub negated_otherwise
{
	my ($self, $from, $to) = @_;
	my ($relations, $others) = (0, 0);

	for (my $i = $from; $i <= $to; $i++) {
		my $t = $self->{tokens}[$i];
		$i = $self->{partner}{$i}, next if $t->{text} =~ /^[(\[{]$/;
		next if $t->{kind} ne 'sign';
		$RELATION{$t->{text}} || ($t->{text} eq '!' && $i == $from) ? $relations++ :
			$t->{text} =~ /^(?:&&|\|\||\?|:|,|=)$/ ? $others++ : 0;
	}
	return $relations == 1 && !$others;
}

sub condition
{
	my ($self, $from, $to) = @_;

	return if $from > $to || ($from == $to && $self->{tokens}[$from]{kind} eq 'number');
	my $text = text_of($self, $from, $to);
	change($self, 'negate', $from, $to, "!($text)") unless negated_otherwise($self, $from, $to);
	change($self, 'condition', $from, $to, $_) for 0, 1;
}

sub number
{
	my ($self, $i) = @_;
	my $tokens = $self->{tokens};
	my $sign = $tokens->[$i - 1]{text};
	my ($digits, $suffix) = $tokens->[$i]{text} =~ /^(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)$/ or return;
	my $value = $digits =~ /^0/ ? oct $digits : $digits;
	my $form = $digits =~ /^0x/i ? '0x%x' : $digits =~ /^0./ ? '0%o' : '%d';
	my $write = sub { sprintf($form, $_[0]) . $suffix };

	return if $value >= 0xffffffff;
	if ($sign =~ /^[-+]$/ && is_binary($self, $i - 1) &&
	    $tokens->[$i + 1]{text} !~ /^[*\/%]$/) {
		change($self, 'drop', $i - 1, $i, '');
		change($self, 'constant', $i, $i, $write->($value + 1));
		return;
	}
	change($self, 'constant', $i, $i, $write->($value - 1)) if $value;
	change($self, 'constant', $i, $i, $write->($value + 1));
}

sub word
{
	my ($self, $i) = @_;
	my $tokens = $self->{tokens};
	my ($before, $t, $after) = map { $_->{text} } @$tokens[$i - 1, $i, $i + 1];

	if ($before =~ /^(?:\.|->)$/) {
		change($self, 'member', $i, $i, $MEMBER{$t}) if $MEMBER{$t};
	} elsif (defined $WORD{$t}) {
		change($self, $t =~ /^[a-z]/ ? 'boolean' : 'constant', $i, $i, $WORD{$t});
	} elsif ($after eq '(') {
		change($self, 'function', $i, $i, $FUNCTION{$t}) if $FUNCTION{$t};
		arguments($self, $i) unless $KEYWORD{$t};
	} else {
		my $flags = $self->{flags};
		my ($at) = grep { $flags->[$_] eq $t } 0 .. $#$flags;
		return unless defined $at;
		# the next flag and the one after it: every flag gets others of both kinds
		change($self, 'flag', $i, $i, $flags->[($at + $_) % @$flags]) for 1, 2;
	}
}

# The first and last tokens of the arguments of a call; nothing of a call without any.
sub arguments_of
{
	my ($self, $i) = @_;
	my $end = $self->{partner}{$i + 1};
	my @arguments = [$i + 2];

	for (my $j = $i + 2; $j < $end; $j++) {
		my $t = $self->{tokens}[$j]{text};
		$j = $self->{partner}{$j}, next if $t =~ /^[(\[{]$/;
		next if $t ne ',';
		$arguments[-1][1] = $j - 1;
		push @arguments, [$j + 1];
	}
	$arguments[-1][1] = $end - 1;
	return $end > $i + 2 ? @arguments : ();
}

# Of an argument, as far as the function shows it.
sub is_pointer
{
	my ($self, $argument) = @_;

	return $argument =~ /^&|^NULL$/ || $self->{pointers}{$argument} ? 1 : 0;
}

sub arguments
{
	my ($self, $i) = @_;
	my $name = $self->{tokens}[$i]{text};
	my @arguments = arguments_of($self, $i);

	if ($name =~ $MESSAGE || $name =~ $WARNING) {
		shift @arguments if $name =~ $WARNING;
		$self->{mute}{$_} = 1 for map { $_->[0] .. $_->[1] } @arguments;
		return;
	}
	return if $name =~ $SYMMETRIC;
	for my $n (0 .. $#arguments - 1) {
		my ($a, $b) = @arguments[$n, $n + 1];
		my ($first, $second) = map { text_of($self, @$_) } $a, $b;
		my $between = substr $self->{text}, $self->{tokens}[$a->[1]]{end},
			$self->{tokens}[$b->[0]]{start} - $self->{tokens}[$a->[1]]{end};
		change($self, 'arguments', $a->[0], $b->[1], $second . $between . $first)
			if $first ne $second && "$first$second" !~ /"/ &&
			is_pointer($self, $first) == is_pointer($self, $second);
	}
}

sub sign
{
	my ($self, $i) = @_;
	my $t = $self->{tokens}[$i]{text};

	if ($RELATION{$t}) {
		change($self, 'relation', $i, $i, $_) for @{$RELATION{$t}};
	} elsif ($LOGIC{$t}) {
		change($self, 'logic', $i, $i, $LOGIC{$t});
		change($self, 'operand', operand($self, $i, $_), $t eq '&&' ? 1 : 0) for -1, 1;
	} elsif ($t =~ /^[!~]$/) {
		change($self, 'drop', $i, $i, '');
	} elsif ($t eq '?') {
		condition($self, operand($self, $i, -1)) if $self->{tokens}[$i + 1]{text} ne ':';
	} elsif ($BIT{$t}) {
		change($self, 'bit', $i, $i, $BIT{$t}) if length $t > 1 || is_binary($self, $i);
	} elsif ($ARITHMETIC{$t}) {
		change($self, 'arithmetic', $i, $i, $ARITHMETIC{$t})
			if length $t > 1 || is_binary($self, $i);
	}
}

sub expression
{
	my ($self, $from, $to) = @_;

	for my $i ($from .. $to) {
		next if $self->{mute}{$i};
		my $kind = $self->{tokens}[$i]{kind};
		$kind eq 'word' ? word($self, $i) : $kind eq 'number' ? number($self, $i) :
			$kind eq 'sign' ? sign($self, $i) : 0;
	}
}

sub is_declaration
{
	my ($self, $i) = @_;
	my @t = @{$self->{tokens}}[$i .. $i + 4];
	my $stars = 1;

	return 1 if $TYPE{$t[0]{text}};
	return 0 if $KEYWORD{$t[0]{text}} || $t[0]{kind} ne 'word';
	$stars++ while $t[$stars] && $t[$stars]{text} eq '*';
	return $t[$stars] && $t[$stars]{kind} eq 'word' &&
		($stars == 1 || ($t[$stars + 1] && $t[$stars + 1]{text} =~ /^[=,;]$/));
}

# Of a declaration, what variables are set to.
sub declaration
{
	my ($self, $from, $to) = @_;
	my $start;

	for (my $i = $from; $i <= $to; $i++) {
		my $t = $self->{tokens}[$i]{text};
		$i = $self->{partner}{$i}, next if $t =~ /^[(\[{]$/;
		if ($t eq '=') {
			$start = $i + 1;
		} elsif ($start && ($t eq ',' || $i == $to)) {
			expression($self, $start, $i - 1);
			$start = undef;
		}
	}
}

# A statement without others in it; $to is its semicolon.
sub simple
{
	my ($self, $from, $to) = @_;
	my $first = $self->{tokens}[$from]{text};
	my $value = $first eq 'return' && $to > $from + 1 ? text_of($self, $from + 1, $to - 1) : '';

	return declaration($self, $from, $to) if is_declaration($self, $from);
	# without the return at its end a function returns anything: that is no program
	change($self, $first =~ $MESSAGE || $first =~ $WARNING ? 'message' : 'delete',
	       $from, $to, ';') unless $first eq 'return' && $to + 1 == $self->{end};
	if ($value eq '0') {
		change($self, 'return', $from + 1, $to - 1, '-EINVAL') if $self->{int};
	} elsif ($value =~ /[A-Za-z]/ && $value !~ /^(?:true|false|NULL|\w+\(\))$/) {
		change($self, 'return', $from + 1, $to - 1, '0');
	}
	expression($self, $from, $to - 1);
}

# The three expressions of a for; the second is a condition.
sub for_header
{
	my ($self, $from, $to) = @_;
	my @parts = [$from];

	for (my $i = $from; $i <= $to; $i++) {
		my $t = $self->{tokens}[$i]{text};
		$i = $self->{partner}{$i}, next if $t =~ /^[(\[{]$/;
		next if $t ne ';';
		$parts[-1][1] = $i - 1;
		push @parts, [$i + 1];
	}
	$parts[-1][1] = $to;
	condition($self, @{$parts[1]}) if @parts == 3;
	expression($self, @$_) for @parts;
}

# The number of the token after the one that is looked for, on this level.
sub after
{
	my ($self, $i, $what, $limit) = @_;

	for (; $i < $limit; $i++) {
		my $t = $self->{tokens}[$i]{text};
		return $i + 1 if $t eq $what;
		$i = $self->{partner}{$i} if $t =~ /^[(\[{]$/;
	}
	return $limit;
}

# Statements with others in them; the number of the token where the rest begins.
sub compound
{
	my ($self, $i, $limit) = @_;
	my $word = $self->{tokens}[$i]{text};
	my $close = $self->{partner}{$i + 1};

	if ($word eq 'for') {
		for_header($self, $i + 2, $close - 1);
	} else {
		condition($self, $i + 2, $close - 1) if $word =~ /^(?:if|while)$/;
		expression($self, $i + 2, $close - 1) if $close > $i + 2;
	}
	$i = statement($self, $close + 1, $limit);
	$i = statement($self, $i + 1, $limit)
		if $word eq 'if' && $i < $limit && $self->{tokens}[$i]{text} eq 'else';
	return $i;
}

# One statement; the number of the token after it.
sub statement
{
	my ($self, $i, $limit) = @_;
	my $tokens = $self->{tokens};
	my $t = $tokens->[$i]{text};

	return $limit if $i >= $limit;
	if ($t eq '{') {
		my $end = $self->{partner}{$i++};
		$i = statement($self, $i, $end) while $i < $end;
		return $end + 1;
	}
	return $i + 1 if $t eq ';';
	return statement($self, $i + 1, $limit) if $t =~ /^(?:do|else)$/;
	return after($self, $i, ':', $limit) if $t =~ /^(?:case|default)$/;
	return $i + 2 if $tokens->[$i]{kind} eq 'word' && $tokens->[$i + 1]{text} eq ':';
	if ($tokens->[$i]{kind} eq 'word' && $tokens->[$i + 1]{text} eq '(') {
		# for_each_...(...) has a statement behind it, a call has none
		my $next = $tokens->[$self->{partner}{$i + 1} + 1];
		return compound($self, $i, $limit)
			if $t =~ /^(?:if|while|for|switch)$/ ||
			$t =~ /for_each/ && $next->{text} ne ';' ||
			$t ne 'return' && ($next->{text} eq '{' || $next->{kind} eq 'word');
	}
	my $end = after($self, $i, ';', $limit);
	simple($self, $i, $end - 1) if $tokens->[$end - 1]{text} eq ';';
	return $end;
}

sub function
{
	my ($self, $brace, $end) = @_;
	my ($name, $at) = name_before($self, $brace);
	my $tokens = $self->{tokens};
	my $type = $at;

	return unless defined $name;
	my %partner = partners($tokens, $brace, $end);
	unless (%partner) {
		push @{$self->{skipped}}, $name;
		return;
	}
	$type-- while $type > 0 && $tokens->[$type - 1]{text} !~ /^[;}]$/;
	$self->{function} = $name;
	$self->{int} = text_of($self, $type, $at) =~ /\bint\b[\w\s]*$/;
	$self->{partner} = \%partner;
	$self->{end} = $end;
	$self->{pointers} = { map { $_ => 1 }
			      text_of($self, $type, $end) =~ /\w \**\*(\w+)\s*(?=[,;)=])/g };
	statement($self, $brace, $end + 1);
}

# Each has an ID that depends on nothing but the text.
sub name_them
{
	my ($self) = @_;
	my (%nr, $nr);

	@{$self->{mutants}} = sort { $a->{start} <=> $b->{start} || $a->{end} <=> $b->{end} ||
		$a->{operator} cmp $b->{operator} || $a->{new} cmp $b->{new} } @{$self->{mutants}};
	for my $m (@{$self->{mutants}}) {
		my $id = "$m->{function}:$m->{line}:$m->{operator}";
		$m->{id} = $id . ':' . $nr{$id}++;
		$m->{nr} = $nr++;
		$m->{change} = show($self->{text}, $m);
	}
}

# The lines that are changed as one, with the change as [-old-]{+new+}.
sub show
{
	my ($text, $m) = @_;
	my $from = rindex($text, "\n", $m->{start} - 1) + 1;
	my $to = index $text, "\n", $m->{end};
	my ($old, $new) = map { s/^\s+|\s+$//gr } $m->{old}, $m->{new};

	$to = length $text if $to < 0;
	my $line = substr($text, $from, $m->{start} - $from) . "[-$old-]" .
		(length $new ? "{+$new+}" : '') . substr($text, $m->{end}, $to - $m->{end});
	$line =~ s{/\*.*?\*/}{}gs;
	return $line =~ s/\s+/ /gr =~ s/^ | $//gr;
}

# The text with one mutant in it.
sub apply
{
	my ($text, $m) = @_;

	return substr($text, 0, $m->{start}) . $m->{new} . substr($text, $m->{end});
}

# The difference that one mutant makes, as a unified diff of the file $name.
sub diff
{
	my ($text, $m, $name) = @_;
	my @old = split /^/, $text;
	my @new = split /^/, apply($text, $m);
	my ($head, $tail) = (0, 0);

	$head++ while $head < @old && $head < @new && $old[$head] eq $new[$head];
	$tail++ while $tail < @old - $head && $tail < @new - $head &&
		$old[-1 - $tail] eq $new[-1 - $tail];
	my $first = $head > 3 ? $head - 3 : 0;
	my $after = $tail > 3 ? 3 : $tail;
	my @out = map { " $_" } @old[$first .. $head - 1];
	push @out, map { "-$_" } @old[$head .. $#old - $tail];
	push @out, map { "+$_" } @new[$head .. $#new - $tail];
	push @out, map { " $_" } @old[@old - $tail .. $#old - $tail + $after];
	my ($nr_old, $nr_new) = map { $_ - $tail + $after - $first } scalar @old, scalar @new;
	return "--- a/$name\n+++ b/$name\n" . sprintf("\@\@ -%d,%d +%d,%d \@\@ %s\n", $first + 1, $nr_old,
		$first + 1, $nr_new, $m->{function}) . join('', @out);
}

# All mutants of a text, in the order of the text. The flags are the names that stand for one
# another. The second result: functions that could not be understood.
sub make
{
	my ($text, @flags) = @_;
	my $self = { text => $text, tokens => [tokens($text)], flags => \@flags, mutants => [],
		     skipped => [] };
	my $tokens = $self->{tokens};

	for (my $i = 0; $i < @$tokens; $i++) {
		next if $tokens->[$i]{text} ne '{';
		my $end = body_end($self, $i);
		last unless defined $end;
		function($self, $i, $end) if $i && $tokens->[$i - 1]{text} eq ')';
		$i = $end;
	}
	name_them($self);
	return ($self->{mutants}, $self->{skipped});
}

1;
