"""Ways in which a variant stops asking what its source asks; each guard says what is wrong, or nothing."""
