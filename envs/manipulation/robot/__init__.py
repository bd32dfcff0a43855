"""The robot and its place of work: `arm` (joints, limits, servos, gripper), `shells` (its shapes), `scene` (the rest).

MuJoCo is imported by these modules only when one of them is imported, never by `import guerdon`.
"""
