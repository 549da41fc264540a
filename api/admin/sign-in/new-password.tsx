/** Two fields for a new password, typed twice; never filled in again by us. */
import type { VNode } from 'preact';
import type { Faults } from '../shell/fields.js';
import { TextField } from '../shell/fields.js';

export function NewPasswordFields({ faults }: { faults: Faults }): VNode {
  return (
    <>
      <TextField
        name="password"
        label="新しいパスワード"
        type="password"
        value=""
        required
        autocomplete="new-password"
        maxlength={200}
        faults={faults}
        hint="12文字以上。長い文のようにすると、覚えやすくて強くなります。サインイン名や、よくある言葉だけのものは使えません。"
      />
      <TextField
        name="passwordAgain"
        label="新しいパスワード（もう一度）"
        type="password"
        value=""
        required
        autocomplete="new-password"
        maxlength={200}
        faults={faults}
      />
    </>
  );
}
