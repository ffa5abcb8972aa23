# What a user might hang before each tool call: swallow the description on stdin, note that it ran.
cat > /dev/null
echo ran >> "$CLAUDE_PROJECT_DIR/hook.log"
